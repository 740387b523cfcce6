# shellcheck shell=bash
# Signals for the commands that start several processes: ./build run fleet and ./build services read this file.
#
# bash may fail, or hang, if it runs a trap where it expands a command substitution. So one shell has the traps and does nothing but
# wait. What has to be done runs in another, which no signal of a terminal reaches, because it is a job with a process group of its own.
# It has no traps: it learns from a file which signals came, and asks whenever it pauses.

signals_file=''
signals_taken=0            # of those in the file
signals_shell=''           # the process id of the shell that waits

# with_signals FILE COMMAND...: runs the command, a function that asks next_signal; then ends with its exit code.
with_signals() {
    local job code noted
    signals_file=$1
    signals_shell=$BASHPID
    shift
    : >"$signals_file"
    trap 'note_signal 130' INT
    trap 'note_signal 143' TERM
    trap 'note_signal 129' HUP
    set -m
    "$@" </dev/null &
    set +m
    job=$!
    while :; do
        noted=false
        code=0
        # A signal ends the wait; the code is that of the command if none came.
        wait "$job" || code=$?
        $noted || break
    done
    rm -f "$signals_file"
    exit "$code"
}

note_signal() {
    noted=true
    echo "$1" >>"$signals_file"
}

# Returns whether a signal came that no call has returned yet; the exit code that belongs to it is then in signal_code. The end of the
# shell that waits counts as one.
next_signal() {
    local codes
    mapfile -t codes <"$signals_file" || return 1
    if [ "${#codes[@]}" -gt "$signals_taken" ]; then
        signal_code=${codes[signals_taken]}
        signals_taken=$((signals_taken + 1))
    elif [ -n "$signals_shell" ] && ! kill -0 "$signals_shell" 2>/dev/null; then
        signal_code=129
        signals_shell=''
    else
        return 1
    fi
} 2>/dev/null
