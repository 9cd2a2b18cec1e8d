import { readFile, rm } from 'node:fs/promises';
import { MkbaseError } from '../../base/errors.ts';
import type { Command } from '../../base/run-command/command.ts';
import { runAttached, runCommand } from '../../base/run-command.ts';
import type { Entrance } from '../held-step.ts';
import { openToRead, openToWrite } from './named-pipes.ts';
import { onPseudoTerminal } from './own-terminal.ts';
import { runScript } from './scripts.ts';
import { isInstalled, toolPath } from './tools.ts';

/**
 * The terminal on which a step can be entered. script(1) makes it before the step begins, since whatever is
 * inside can only keep what it was started with; it idles between two named pipes until mkbase opens them
 * and passes on what a person types. A terminal that the person sits at is never inside.
 */
export interface Door {
  /** Puts the terminal around the command of a step. */
  around(command: Command): Command;
  readonly entrance: Entrance;
  /** Removes the pipes. */
  remove(): Promise<void>;
}

/**
 * Keeps the step's own streams on descriptors 3 to 5 for those that script(1) gives its program. Parameters:
 * the pipes for what is typed and for what is printed; the command to become.
 */
const pipesScript = `
typed=$1 printed=$2
shift 2
mkfifo -m 600 "$typed" "$printed"
exec "$@" 3<&0 4>&1 5>&2 <>"$typed" 1<>"$printed" 2>/dev/null
`;

/**
 * Gives the step its own streams back and keeps the terminal as descriptor 3. Parameters: the file that names
 * the terminal; the command to become.
 */
const streamsScript = `
readlink /proc/self/fd/0 >"$1"
shift
exec 6<&0 <&3 >&4 2>&5 3<&6 4>&- 5>&- 6<&-
exec "$@"
`;

/** Sets the size of the door's terminal to that of mkbase's own; its program is told by the kernel. */
async function setSize(terminal: string): Promise<void> {
  const [columns, rows] = process.stdout.getWindowSize();
  await runCommand({
    file: 'stty',
    args: ['-F', terminal, 'rows', String(rows), 'columns', String(columns)],
    env: { PATH: toolPath },
    cleanEnv: true,
  });
}

/** Lets the person's terminal show what it is sent as it is, which Node's raw mode does not. */
const keepOutput = () =>
  runAttached({ file: 'stty', args: ['-opost'], env: { PATH: toolPath }, cleanEnv: true });

/** Leaves out what comes before the first end of a line: the echo of the line that opens the door. */
async function* afterFirstLine(printed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let begun = false;
  for await (const chunk of printed) {
    const end: number = begun ? -1 : chunk.indexOf('\n');
    if (begun) yield chunk;
    else if (end >= 0) yield chunk.subarray(end + 1);
    begun ||= end >= 0;
  }
}

/** The paths of a door, which no other has. */
interface Paths {
  readonly typed: string;
  readonly printed: string;
  readonly name: string;
}

/**
 * Passes on what is typed and printed, until the step has ended; resolves to its exit code. A step may end
 * after it has stopped and before anybody comes: then there is nothing to pass on.
 */
async function passOn({ typed, printed, name }: Paths, terminal: string, ended: Promise<number>) {
  const { stdin, stdout } = process;
  const input = await openToWrite(typed);
  if (input === undefined) return ended;
  const output = await openToRead(printed);
  const device = (await readFile(name, 'utf8')).trim();
  const resize = () => void setSize(device);
  await setSize(device);
  const type = (chunk: Buffer) => void input.write(chunk);
  input.on('error', () => undefined);
  try {
    stdin.setRawMode(true);
    await keepOutput();
    input.write(`${terminal}\n`);
    stdin.on('data', type).resume();
    stdout.on('resize', resize);
    for await (const chunk of afterFirstLine(output)) stdout.write(chunk);
    return await ended;
  } finally {
    stdout.off('resize', resize);
    stdin.off('data', type).pause().setRawMode(false);
    input.destroy();
    output.destroy();
  }
}

/** Makes a door; `path` begins the names of its files. ENGINE_FAILED where script(1) is not installed. */
export async function openDoor(path: string): Promise<Door> {
  if (!(await isInstalled('script'))) {
    throw new MkbaseError({
      code: 'ENGINE_FAILED',
      message: 'The namespace engine cannot open a shell in a step, since script is not installed.',
      hint: 'Install it (on Debian and Ubuntu: sudo apt-get install bsdutils), or choose another --engine.',
    });
  }
  const paths = { typed: `${path}i`, printed: `${path}o`, name: `${path}n` };
  return {
    around({ file, args, ...command }) {
      const inside = [...runScript(streamsScript, paths.name), file, ...args];
      const through = onPseudoTerminal(inside, 'always');
      const [program = '', ...rest] = runScript(
        pipesScript,
        paths.typed,
        paths.printed,
        ...through,
      );
      return { ...command, file: program, args: rest };
    },
    entrance: { enter: ({ terminal }, ended) => passOn(paths, terminal, ended) },
    async remove() {
      await Promise.all(Object.values(paths).map((each) => rm(each, { force: true })));
    },
  };
}
