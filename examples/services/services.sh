# shellcheck shell=bash
# The servers of ./build services, which reads this file: PostgreSQL, Redis and Kafka for the profiles postgres and full of orders and of
# the worker.
#
# Each server is a job with a process group of its own, so that a Ctrl-C on the terminal does not reach it. The shell ends the servers and
# removes their data. What the examples need to find them is in a file that ./build run reads.

services_all=(postgres redis kafka)
services_folder=target/services
services_env=$services_folder/env
services_kafka=examples/services/target/kafka-classpath.txt
services_stopping=false
services_data=''           # of all servers; gone when they have ended
services_names=()          # in the order of their start
declare -A services_pids=()
services_patience=120      # seconds

run_services() {
    local name chosen
    if [ "${1:-}" = --folder ]; then
        [[ ${2:-} = /* ]] || die "services: --folder: '${2:-}' is not an absolute path"
        services_folder=$2
        services_env=$services_folder/env
        shift 2
    fi
    chosen=("$@")
    [ ${#chosen[@]} -gt 0 ] || chosen=("${services_all[@]}")
    for name in "${chosen[@]}"; do
        [[ " ${services_all[*]} " == *" $name "* ]] || die "services: '$name' is not a service; there are: ${services_all[*]}; --folder DIRECTORY in front of them names where their files go"
    done
    [[ " ${chosen[*]} " != *' postgres '* ]] || install_postgresql
    [[ " ${chosen[*]} " != *' redis '* ]] || install_server redis-server redis-server
    mkdir -p "$services_folder"
    services_lock
    [[ " ${chosen[*]} " != *' kafka '* ]] || services_get_kafka
    # shellcheck source=examples/signals.sh
    source examples/signals.sh
    with_signals "$services_folder/signals" services_start_all "${chosen[@]}"
}

# services_start_all NAME...
services_start_all() {
    local name chosen=("$@") profile=full
    [[ " ${chosen[*]} " == *' redis '* || " ${chosen[*]} " == *' kafka '* ]] || profile=postgres
    trap 'services_stop 2' EXIT
    services_data=$(mktemp -d)
    chmod 711 "$services_data"
    : >"$services_env.new"
    chmod 600 "$services_env.new"
    for name in "${chosen[@]}"; do
        "services_start_$name"
    done
    mv "$services_env.new" "$services_env"
    printf '%-10s %s\n' 'run' "./build run orders --profile $profile"
    [[ " ${chosen[*]} " != *' kafka '* ]] || printf '%-10s %s\n' 'and' './build run worker --profile full'
    printf '%-10s %s\n' 'variables' "$services_env" 'logs' "$services_folder/*.log" 'stop' 'Ctrl-C'
    services_watch
}

# Two of them would write to the same files.
services_lock() {
    command -v flock >/dev/null || return 0
    exec 9>"$services_folder/lock"
    flock -n 9 || die "services: they run already, see $services_folder"
}

# A port that is free now, and below those of outgoing connections.
services_free_port() {
    local port
    while port=$((10000 + (RANDOM * 32768 + RANDOM) % 20000)) && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        :
    done
    printf '%s' "$port"
}

# services_start NAME COMMAND...: its output goes to NAME.log.
services_start() {
    local name=$1
    shift
    : >"$services_folder/$name.log"
    set -m
    "$@" </dev/null >>"$services_folder/$name.log" 2>&1 9>&- &
    set +m
    services_names+=("$name")
    services_pids[$name]=$!
}

# PostgreSQL, which refuses to run as root: it then runs as the user that its package has created.
services_start_postgres() {
    local bin port password name as=()
    for bin in $(ls -dr /usr/lib/postgresql/*/bin 2>/dev/null) /usr/local/bin /usr/bin ''; do
        [ ! -x "$bin/initdb" ] || [ ! -x "$bin/psql" ] || break
    done
    [ -n "$bin" ] || die 'services: PostgreSQL not found; install it (on Debian: sudo apt-get install postgresql)'
    port=$(services_free_port)
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    mkdir "$services_data/postgres"
    printf '%s' "$password" >"$services_data/postgres/password"
    if [ "$(id -u)" = 0 ]; then
        as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
        chown -R postgres:postgres "$services_data/postgres"
    fi
    (cd "$services_data/postgres" && LC_ALL=C.UTF-8 "${as[@]}" "$bin/initdb" -D data -U postgres -E UTF8 --auth=scram-sha-256 \
        --pwfile=password --no-sync) >"$services_folder/initdb.log" 2>&1 || die "services: initdb failed; see $services_folder/initdb.log"
    services_start postgres "${as[@]}" "$bin/postgres" -D "$services_data/postgres/data" -h 127.0.0.1 -p "$port" \
        -k "$services_data/postgres"
    export PGPASSWORD=$password
    for name in orders worker; do
        services_await postgres "$bin/psql" -q -h 127.0.0.1 -p "$port" -U postgres -c "CREATE ROLE $name LOGIN PASSWORD '$password'"
        services_await postgres "$bin/psql" -q -h 127.0.0.1 -p "$port" -U postgres -c "CREATE DATABASE $name OWNER $name"
        printf '%s\n' "LYNX_JDBC_${name^^}_URL=jdbc:postgresql://127.0.0.1:$port/$name" "LYNX_JDBC_${name^^}_USER=$name" \
            "LYNX_JDBC_${name^^}_PASSWORD=$password" >>"$services_env.new"
    done
    unset PGPASSWORD
    printf '%-10s jdbc:postgresql://127.0.0.1:%s/orders, user orders, and another database for the worker, pid %s\n' postgres "$port" \
        "${services_pids[postgres]}"
}

# Redis without persistence: a cache may be empty after a start.
services_start_redis() {
    local port
    command -v redis-server >/dev/null || die 'services: redis-server not found; install it (on Debian: sudo apt-get install redis-server)'
    port=$(services_free_port)
    mkdir "$services_data/redis"
    services_start redis redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$services_data/redis"
    services_await redis services_redis_answers "$port"
    printf '%s\n' "LYNX_REDIS_NODES=127.0.0.1:$port" >>"$services_env.new"
    printf '%-10s 127.0.0.1:%s, pid %s\n' redis "$port" "${services_pids[redis]}"
}

services_redis_answers() {
    local answer
    (exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'PING\r\n' >&3 && IFS= read -r -t 5 answer <&3 && [[ $answer = +PONG* ]]) 2>/dev/null
}

# Kafka is jars that Maven fetches; afterwards their class path is in a file.
services_get_kafka() {
    [ ! -s "$services_kafka" ] || [ pom.xml -nt "$services_kafka" ] || [ examples/services/kafka/pom.xml -nt "$services_kafka" ] || return 0
    maven -q -f examples/services/kafka/pom.xml dependency:build-classpath "-Dmdep.outputFile=$PWD/$services_kafka" \
        -Dmdep.regenerateFile=true >"$services_folder/kafka-maven.log" 2>&1 9>&- ||
        die "services: the jars of Kafka could not be had; see $services_folder/kafka-maven.log"
}

# A Kafka of one broker; ready when its log says so.
services_start_kafka() {
    local port controller data=$services_data/kafka
    port=$(services_free_port)
    while controller=$(services_free_port) && [ "$controller" = "$port" ]; do
        :
    done
    mkdir -p "$data/logs"
    printf '%s\n' version=1 node.id=1 cluster.id=bHlueC1zZXJ2aWNlcy0wMQ >"$data/logs/meta.properties"
    sed -e "s|@PORT@|$port|g" -e "s|@CONTROLLER@|$controller|g" -e "s|@DATA@|$data/logs|g" \
        examples/services/kafka/server.properties >"$data/server.properties"
    services_start kafka "$JAVA_HOME/bin/java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        "-Dlogback.configurationFile=$PWD/examples/services/kafka/logback.xml" -cp "$(cat "$services_kafka")" kafka.Kafka \
        "$data/server.properties"
    services_await kafka grep -q 'Kafka Server started' "$services_folder/kafka.log"
    printf '%s\n' "LYNX_KAFKA_SERVERS=127.0.0.1:$port" >>"$services_env.new"
    printf '%-10s 127.0.0.1:%s, pid %s\n' kafka "$port" "${services_pids[kafka]}"
}

# services_await NAME COMMAND...: waits until the command succeeds.
services_await() {
    local name=$1 i
    shift
    for ((i = 0; i < services_patience * 5; i++)); do
        services_runs "$name" || die "services: $name has ended; see $services_folder/$name.log"
        ! "$@" >"$services_folder/await.log" 2>&1 || return 0
        services_pause
    done
    die "services: $name is not ready after $services_patience s; see $services_folder/await.log and $services_folder/$name.log"
}

# Without the notice that bash writes when a signal has killed a process. A signal ends everything, another one kills what still runs.
services_pause() {
    { sleep 0.2 || true; } 2>/dev/null
    next_signal || return 0
    $services_stopping || services_stop "$signal_code"
    kill -KILL "${services_pids[@]}" 2>/dev/null || true
}

# Notices the end of a server; returns whether it still runs.
services_runs() {
    local pid=${services_pids[$1]:-}
    [ -n "$pid" ] || return 1
    ! kill -0 "$pid" 2>/dev/null || return 0
    wait "$pid" 2>/dev/null || true
    unset "services_pids[$1]"
    return 1
}

# Reports each server that ends by itself; the others go on.
services_watch() {
    local name
    while [ ${#services_pids[@]} -gt 0 ]; do
        for name in "${services_names[@]}"; do
            [ -n "${services_pids[$name]:-}" ] || continue
            services_runs "$name" || printf '%-10s has ended, see %s\n' "$name" "$services_folder/$name.log" >&2
        done
        services_pause
    done
    die 'services: none is left'
}

# Ends all servers, and removes their data and the file that names them.
services_stop() {
    local code=$1 name i
    trap '' PIPE
    set +e
    services_stopping=true
    rm -f "$services_env" "$services_env.new"
    for name in "${services_names[@]}"; do
        # By INT, PostgreSQL ends without waiting for its clients. Redis ends by either.
        ! services_runs "$name" || kill -INT "${services_pids[$name]}" 2>/dev/null
        ! services_runs "$name" || kill -CONT "${services_pids[$name]}" 2>/dev/null
    done
    for name in "${services_names[@]}"; do
        for ((i = 0; i < services_patience * 5; i++)); do
            services_runs "$name" || continue 2
            services_pause
        done
        kill -KILL "${services_pids[$name]}" 2>/dev/null
    done
    [ -z "$services_data" ] || rm -rf "$services_data"
    trap - EXIT
    exit "$code"
}

# services_export EXAMPLE ARGUMENTS...: lets an example find its servers, if the arguments choose a profile that uses them and they run.
services_export() {
    local profile=${LYNX_PROFILE:-} line name others='LYNX_JDBC_WORKER_'
    [ "$1" = orders ] || others='LYNX_JDBC_ORDERS_|LYNX_REDIS_'
    shift
    while [ $# -gt 0 ]; do
        case "$1" in
            --profile) profile=${2:-} ;;
            --profile=*) profile=${1#*=} ;;
        esac
        shift
    done
    [[ $profile = postgres || $profile = full ]] && [ -f "$services_env" ] || return 0
    while IFS= read -r line; do
        # What the caller has set is left.
        name=${line%%=*}
        ! [[ $name =~ ^($others) ]] || continue
        [ -n "${!name:-}" ] || export "$name=${line#*=}"
    done <"$services_env"
}
