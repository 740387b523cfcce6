# shellcheck shell=bash
# The fleet of ./build run fleet, which reads this file: a database, the inventory, two instances of orders, and HAProxy.
#
# Each process is a job with a process group of its own, so that a Ctrl-C on the terminal does not reach it. The shell ends the processes
# in the reverse order of their dependencies, each by TERM, and waits for each.

fleet_names=()             # in the order of their start
declare -A fleet_pids=()   # of the processes that have been started and whose end has not been noticed
fleet_logs=target/fleet
fleet_port=8080
fleet_tables=classpath:db/orders/migration/V1__orders.sql
fleet_class_path=''        # of both services, instead of their packages; the tests use it
fleet_collector=''         # the URL to which both services push their spans
fleet_patience=180         # seconds: longer than a service takes to start, or to shut down, on a busy machine
fleet_stopping=false

run_fleet() {
    fleet_options "$@"
    # What can be checked at once is checked before anything is built or started.
    fleet_check_port
    install_haproxy
    [ -n "$fleet_class_path" ] || fleet_build
    mkdir -p "$fleet_logs"
    fleet_lock
    # shellcheck source=examples/signals.sh
    source examples/signals.sh
    with_signals "$fleet_logs/signals" fleet_start_all
}

fleet_start_all() {
    local name database
    trap 'fleet_stop 2' EXIT
    # Both instances of orders share the database, so each finds the orders of the other.
    fleet_command orders
    fleet_start database "${command_line[@]}" -Xmx64m -Dh2.bindAddress=127.0.0.1 -cp "$class_path" \
        org.h2.tools.Server -tcp -tcpPort 0 -ifNotExists
    fleet_service inventory inventory
    fleet_await database grep -q 'TCP server running at tcp://' "$fleet_logs/database.log"
    database=$(grep -o 'tcp://[^ ]*' "$fleet_logs/database.log" | sed 's/.*://')
    fleet_await_service inventory
    # One after the other: the first creates the table.
    for name in orders-1 orders-2; do
        fleet_service "$name" orders --config "$PWD/examples/fleet/orders.yml" \
            "--lynx.jdbc.orders.url=jdbc:h2:tcp://127.0.0.1:$database/mem:orders;INIT=RUNSCRIPT FROM '$fleet_tables'" \
            "--lynx.clients.inventory.url=$(fleet_url inventory)"
        fleet_await_service "$name"
    done
    fleet_balance
    printf '%-10s %s\n' 'logs' "$fleet_logs/*.log" 'stop' 'Ctrl-C'
    fleet_watch
}

fleet_options() {
    local name
    while [ $# -gt 0 ]; do
        case "$1" in
            --port | --logs | --collector | --class-path)
                [ -n "${2:-}" ] || die "run: fleet: $1 needs a value"
                name=${1#--}
                printf -v "fleet_${name//-/_}" %s "$2"
                ;;
            *) die "run: fleet: '$1' is not an option; there are: --port PORT, --logs DIRECTORY, --collector URL" ;;
        esac
        shift 2
    done
    if ! [[ $fleet_port =~ ^[0-9]{1,5}$ ]] || [ "$fleet_port" -gt 65535 ]; then
        die "run: fleet: --port: '$fleet_port' is not a port; 0 to 65535, 0 for a free one"
    fi
    # A directory is the caller's, as for every command; the default belongs to the checkout.
    # shellcheck disable=SC2154 # ./build sets it.
    [[ $fleet_logs = target/fleet || $fleet_logs = /* ]] || fleet_logs=$caller/$fleet_logs
}

fleet_is_taken() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# HAProxy cannot choose a port itself: a free one is free now, and below those of outgoing connections.
fleet_check_port() {
    if [ "$fleet_port" -eq 0 ]; then
        while fleet_port=$((10000 + (RANDOM * 32768 + RANDOM) % 20000)) && fleet_is_taken "$fleet_port"; do
            :
        done
    elif fleet_is_taken "$fleet_port"; then
        die "run: fleet: port $fleet_port is in use; choose another for HAProxy: --port PORT, 0 for a free one"
    fi
}

# HAProxy is a program of the system, whose folders are not on the path of every user.
fleet_haproxy() {
    PATH=$PATH:${FLEET_PROGRAMS-/usr/sbin:/usr/local/sbin} command -v haproxy
}

# The load balancer. Where packages cannot be installed, the command says what is missing.
install_haproxy() {
    fleet_haproxy >/dev/null && return
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        echo 'installing HAProxy from Debian' >&2
        { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends haproxy; } >&2 || true
    fi
    fleet_haproxy >/dev/null || die 'run: fleet: haproxy not found; install it (on Debian: sudo apt-get install haproxy)'
}

# Builds the packages of both services, and the plugin that pushes spans if it is needed.
fleet_build() {
    local plugin=plugins/opentelemetry began
    prepare_examples inventory orders
    if [ -n "$fleet_collector" ] && ! is_current "$plugin"; then
        echo "building $plugin" >&2
        began=$(mktemp)
        maven_with_progress -pl "$plugin" -am package dependency:build-classpath "${unchecked[@]}" -DincludeScope=runtime \
            -Dmdep.outputFile="$output/classpath.txt" -Dmdep.regenerateFile=true
        mv "$began" "$plugin/$output/built"
    fi
}

# What is added to the class path of a service, so that it finds the plugin.
fleet_opentelemetry() {
    [ -z "$fleet_collector" ] ||
        printf ':%s:%s' "$(ls "plugins/opentelemetry/$output"/lynx-opentelemetry-*.jar | grep -v -e sources -e tests | head -n 1)" \
            "$(cat "plugins/opentelemetry/$output/classpath.txt")"
}

# Two fleets would write to the same logs.
fleet_lock() {
    command -v flock >/dev/null || return 0
    exec 9>"$fleet_logs/lock"
    flock -n 9 || die "run: fleet: another fleet writes its logs to $fleet_logs; choose another directory: --logs DIRECTORY"
}

# fleet_start NAME COMMAND...: its output goes to NAME.log.
fleet_start() {
    local name=$1
    shift
    # Emptied here: the lines of an earlier fleet must not be taken for its own.
    : >"$fleet_logs/$name.log"
    set -m
    "$@" </dev/null >>"$fleet_logs/$name.log" 2>&1 9>&- &
    set +m
    fleet_names+=("$name")
    fleet_pids[$name]=$!
}

# fleet_service NAME EXAMPLE ARGUMENTS...: a service on free ports, which only this machine reaches.
fleet_service() {
    local name=$1 example=$2
    shift 2
    [ -z "$fleet_collector" ] ||
        set -- "--lynx.opentelemetry.traces.endpoint=$fleet_collector" "$@"
    fleet_command "$example"
    LYNX_LOG_FORMAT=text fleet_start "$name" "${command_line[@]}" -cp "$class_path" "$(main_class "$example")" \
        --lynx.http.host=127.0.0.1 --lynx.http.port=0 \
        --lynx.metrics.prometheus.host=127.0.0.1 --lynx.metrics.prometheus.port=0 \
        --lynx.log.levels.io.lynx.examples=debug "$@"
}

# The command of an example: from its package, or from the class path of --class-path, without the other examples.
fleet_command() {
    local other=orders
    [ "$1" != orders ] || other=inventory
    if [ -z "$fleet_class_path" ]; then
        example_command "$1"
        class_path+=$(fleet_opentelemetry)
    else
        command_line=("$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx192m --enable-native-access=ALL-UNNAMED)
        class_path=$(tr ':' '\n' <<<"$fleet_class_path" | grep -v -e "/examples/$other/" -e /examples/minimal/ | paste -s -d : -)
    fi
}

# HAProxy in front of the instances. It is ready when an instance answers through it.
fleet_balance() {
    FLEET_PORT=$fleet_port FLEET_ORDERS_1=$(fleet_url orders-1 | sed 's/.*://') FLEET_ORDERS_2=$(fleet_url orders-2 | sed 's/.*://') \
        fleet_start haproxy "$(fleet_haproxy)" -f examples/fleet/haproxy.cfg -db
    fleet_await haproxy fleet_passes_requests
    printf '%-10s %s\n' 'orders' "http://127.0.0.1:$fleet_port (HAProxy)"
}

fleet_passes_requests() {
    local status
    (exec 3<>"/dev/tcp/127.0.0.1/$fleet_port" && printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3 &&
        IFS= read -r -t 5 status <&3 && [[ $status = HTTP/1.?' 200 '* ]]) 2>/dev/null
}

# fleet_await NAME COMMAND...: waits until the command succeeds. If the process ends before, everything ends.
fleet_await() {
    local name=$1 i
    shift
    for ((i = 0; i < fleet_patience * 5; i++)); do
        fleet_runs "$name" || fleet_fail "$name" "has ended with exit code $fleet_code before it was ready" "$fleet_code"
        ! "$@" || return 0
        fleet_pause
    done
    fleet_fail "$name" "is not ready after $fleet_patience s" 2
}

fleet_await_service() {
    fleet_await "$1" grep -q ' ready ms=' "$fleet_logs/$1.log"
    printf '%-10s %s, management %s, pid %s\n' "$1" "$(fleet_url "$1")" "$(fleet_management "$1")" "${fleet_pids[$1]}"
}

fleet_url() {
    grep -e ' ready ms=' "$fleet_logs/$1.log" | grep -o 'http://[^], ]*' | head -n 1
}

fleet_management() {
    grep -o 'Management port: http://[^ ]*' "$fleet_logs/$1.log" | sed 's/.*: //'
}

# Without the notice that bash writes when a signal has killed a process: fleet_runs notices it. A signal ends everything, another one
# kills what still runs.
fleet_pause() {
    { sleep 0.2 || true; } 2>/dev/null
    next_signal || return 0
    $fleet_stopping || fleet_stop "$signal_code"
    fleet_kill
}

# Notices the end of a process; returns whether it still runs. Its exit code is then in fleet_code.
fleet_runs() {
    local pid=${fleet_pids[$1]:-}
    [ -n "$pid" ] || return 1
    ! kill -0 "$pid" 2>/dev/null || return 0
    fleet_code=0
    wait "$pid" 2>/dev/null || fleet_code=$?
    unset "fleet_pids[$1]"
    ! $fleet_stopping || printf '%-10s exit code %s  %s\n' "$1" "$fleet_code" "$(fleet_last_line "$1")"
    return 1
}

# The last line of a log, which is the report of a service; lines of a stack trace begin with a blank.
fleet_last_line() {
    grep -v '^[[:space:]]' "$fleet_logs/$1.log" | tail -n 1 || true
}

# fleet_show NAME TEXT LINES: the text, and the end of the log.
fleet_show() {
    printf '%s; the end of %s:\n' "$2" "$fleet_logs/$1.log"
    tail -n "$3" "$fleet_logs/$1.log" | sed 's/^/    /'
} >&2

# fleet_fail NAME REASON CODE: shows why, and ends everything.
fleet_fail() {
    fleet_show "$1" "build: run: fleet: $1 $2" 15
    fleet_stop "$3"
}

# Reports each process that ends by itself; the others go on.
fleet_watch() {
    local name
    while [ ${#fleet_pids[@]} -gt 0 ]; do
        for name in "${fleet_names[@]}"; do
            [ -n "${fleet_pids[$name]:-}" ] || continue
            fleet_runs "$name" ||
                fleet_show "$name" "$(printf '%-10s' "$name") has ended with exit code $fleet_code, the others go on" 3
        done
        fleet_pause
    done
    echo 'build: run: fleet: no process of the fleet is left' >&2
    fleet_stop 1
}

# Ends everything: first what others do not depend on, so that requests in flight are answered.
fleet_stop() {
    local code=$1
    [ "$code" -ne 0 ] || code=2
    trap '' PIPE # a terminal that was closed must not end it early
    set +e
    fleet_stopping=true
    [ ${#fleet_pids[@]} -eq 0 ] || echo 'shutting down'
    fleet_end orders-1 orders-2
    fleet_end haproxy inventory
    fleet_end database
    trap - EXIT
    exit "$code"
}

fleet_kill() {
    echo 'killing what still runs'
    kill -KILL "${fleet_pids[@]}" 2>/dev/null
}

# Ends the named processes together, and waits for them. Those that do not end in time are killed.
fleet_end() {
    local name i
    for name in "$@"; do
        # One that was suspended would never notice TERM.
        ! fleet_runs "$name" || kill -TERM "${fleet_pids[$name]}" 2>/dev/null
        ! fleet_runs "$name" || kill -CONT "${fleet_pids[$name]}" 2>/dev/null
    done
    for name in "$@"; do
        for ((i = 0; i < fleet_patience * 5; i++)); do
            fleet_runs "$name" || continue 2
            fleet_pause
        done
        echo "build: run: fleet: $name does not end; it is killed" >&2
        kill -KILL "${fleet_pids[$name]}" 2>/dev/null
        wait "${fleet_pids[$name]}" 2>/dev/null
        unset "fleet_pids[$name]"
    done
}
