import { constants } from 'node:os';

/**
 * The shell scripts that build the walls around a program. They are constants: all that varies
 * reaches them as positional parameters or descriptors, and is never part of the text.
 *
 * The difficulty is the order. The program must start with the old root detached and without any
 * privilege, but detaching takes privilege and mount(8)'s programs, which are on the old root. So
 * there are two processes: the first prepares and waits as process 1; the second drops its
 * privileges on the old root and stops at a gate, a shell that needs nothing from disk any more.
 * pivot_root(2) then moves the second to the new root, because the old one was its root. It does not
 * move the first, whose root is the host's, opened before the mount namespace was made: so it can
 * still run umount, and nothing of the host is left when it opens the gate.
 *
 * A step that may be entered has a door: a second program behind the same walls, which waits on a terminal of
 * its own until somebody comes (door.ts), and then becomes the shell. It has to be there from the start, since
 * nobody can get in later and leave all privileges behind.
 *
 * Descriptors: 9 the host's root; 6 and 7 reading and writing end of "ready"; 8 and 4 of "go"; 5 the
 * launcher (launcher.ts); 3 the terminal of the door.
 */

export const shell = 'sh';

/** Paths on the old root, for a command that looks for none. */
const shellPath = '/bin/sh';
const launcherPath = '/proc/self/fd/5';

/** Makes the command that runs one of the scripts behind the filter of system calls. */
export const launchScript = (script: string, ...parameters: readonly string[]): string[] => [
  ...[launcherPath, shellPath, '-uc', script, 'mkbase'],
  ...parameters,
];

/** Makes the command that runs one of the scripts. */
export const runScript = (script: string, ...parameters: readonly string[]): string[] => [
  ...[shell, '-euc', script, 'mkbase'],
  ...parameters,
];

/** Becomes a command, which it looks for. */
export const becomeScript = 'exec "$@"';

/** Begins what these scripts print on a failure, so that it is told from one of the program. */
export const faultMark = 'mkbase-namespace: ';

/** Ends a script with a fault of the engine's. */
export const die = `die() { printf '${faultMark}%s\\n' "$1" >&2; exit 125; }`;

/**
 * In the caller's namespaces. Parameters: where pipes may appear for a moment, or nothing for the
 * caller's own streams; folders of the control group to enter; \`--\`; then the command that makes the
 * namespaces.
 *
 * Node gives its children sockets, and these cannot be opened as /dev/stdout and /dev/stderr, which
 * build scripts do; a container's are pipes. The relays live outside of the process namespace and so
 * outlive it by what is still in the pipes. Root's program runs as somebody else, who may open the
 * pipes again once no name of theirs is left. stdin stays a socket: a named pipe's reader that opens
 * it after the end would wait for ever.
 */
export const enterScript = `
${die}
exec 9</
pipe=$1
shift
if [ -n "$pipe" ]; then
  mkfifo -m 600 "$pipe" "\${pipe}a"
  # A door's terminal hangs up as soon as the program has ended.
  trap '' HUP
  exec 6<>"$pipe" 4<"$pipe" 5>"$pipe" 6>&-
  cat <&4 3<&- 4<&- 5>&- 9<&- &
  exec 1>&5 6<>"\${pipe}a" 4<"\${pipe}a" 5>"\${pipe}a" 6>&-
  cat <&4 >&2 3<&- 4<&- 5>&- 9<&- &
  trap - HUP
  exec 2>&5 4<&- 5>&-
  rm "$pipe" "\${pipe}a"
  chmod 666 /proc/self/fd/1 /proc/self/fd/2
fi
while [ "$1" != -- ]; do
  echo $$ >"$1/cgroup.procs" || die 'cannot enter its control group'
  shift
done
shift
exec "$@"
`;

/** The new root, below the memory file system that everything else is put together on. */
export const newRoot = '/tmp/root';

/** The signal by which whoever leaves by the door ends the program, and its number as a shell tells it. */
const leaving = 'USR2';
const leftByDoor = 128 + constants.signals.SIGUSR2;

/** The fault of a run that would have to write to a root file system that others run from. */
export const cannotLayer = 'cannot keep what an image writes in memory';

/**
 * The start of the command that becomes process 1's second half. unshare(1) that makes no namespace
 * is the one tool which changes the root and keeps the working folder; nsenter(1) does so no more
 * (util-linux 2.41).
 */
export const backToHostRoot = ['unshare', '--root=/proc/self/fd/9', '--wd=.'];

/**
 * Process 1 from then on: its root is the host's, its working folder the namespace's root. No
 * namespace is made below this one any more: in one of a step's own it could mount control groups.
 * One of mounts is allowed, since mount(8) needs a nameless one to bind (open_tree(2)). When memory
 * is short the kernel ends the program first, and this process can say how. Whoever leaves by the door ends
 * the program, and the door's exit code is then the one that counts. Parameters: the command that becomes the
 * door, quoted as a shell reads it, or nothing; then the command that becomes the program.
 */
export const waitScript = `
${die}
door=$1
shift
if [ -n "$door" ]; then
  { eval "exec unshare --root=. --wd=. $door"; } <&3 >&3 2>&3 3<&- 4>&- 6<&- 9<&- &
fi
exec 3<&0
{
  echo 1000 >/proc/self/oom_score_adj || die 'cannot offer itself to the out-of-memory killer'
  exec unshare --root=. --wd=. "$@"
} <&3 3<&- 4>&- 6<&- 9<&- &
program=$!
exec </dev/null 3<&- 5<&- 7>&- 8<&-
await() {
  if ! read -r ready <&6; then
    status=0
    wait "$program" || status=$?
    die "cannot prepare the program: exit code $status"
  fi
}
await
if [ -n "$door" ]; then await; fi
for each in /proc/sys/user/max_*_namespaces; do
  case $each in
    */max_mnt_namespaces) ;;
    *) echo 0 >"$each" || die 'cannot forbid further namespaces' ;;
  esac
done
unshare --root=. --wd=. pivot_root tmp/root tmp/root/dev/.host || die 'cannot change the root'
umount -c -l dev/.host || die 'cannot detach the host'
rmdir dev/.host
exec 9<&-
echo go >&4
if [ -n "$door" ]; then echo go >&4; fi
exec 4>&-
status=0
wait "$program" || status=$?
if [ -n "$door" ] && [ "$status" -eq ${leftByDoor} ]; then read -r status <&6; fi
exit "$status"
`;

/** Waits until the old root is detached. */
const passGate = `
echo ready >&7
read -r go <&8 || exit 125
exec 5<&- 8<&-
`;

/** Goes to the working folder and sets the variables; the program and its arguments are left. */
const setSurroundings = `
cd "$1" || exit 126
shift
unset PWD OLDPWD SHLVL
while [ "$1" != -- ]; do
  export "$1"
  shift
done
shift
`;

/**
 * The program's process, unprivileged and behind the filter of system calls. Variables are set only past the gate, when the shell that
 * reads them can see nothing of the host.
 * Parameters: working folder; variables as NAME=value; \`--\`; the program and its arguments.
 */
export const gateScript = `${passGate}exec 7>&-${setSurroundings}exec "$@"
`;

/**
 * The door's process, which is like the program's and waits on a terminal: the first line that is typed there
 * opens it, and is the kind of the terminal. Its shell is a job, since the terminal's group of processes is
 * outside, where no shell inside could leave it to when it ends. Parameters: those of gateScript.
 */
export const doorScript = `${passGate}
read -r TERM || exit 125
${setSurroundings}
export TERM
set -m
status=0
"$@" 7>&- || status=$?
echo "$status" >&7
kill -s ${leaving} -- -1
exec 2>/dev/null
`;
