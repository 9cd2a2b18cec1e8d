import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { listenForSignals } from '../../../src/commands/interruption.ts';

/** A second argument is a file that is read first, for instance a pipe that nobody writes to. */
const stuck = process.argv[3];
if (stuck !== undefined) void readFile(stuck);

/** Works until it is stopped, then takes as long to clean up as its argument says, in milliseconds. */
const { signal, end } = listenForSignals();
process.stdout.write('working\n');
const keepAlive = setInterval(() => {}, 1000);
await new Promise((resolve) => signal.addEventListener('abort', resolve));
process.stdout.write('cleaning\n');
if (stuck === undefined) await sleep(Number(process.argv[2]));
else if (process.argv[2] === 'never') await new Promise(() => {});
clearInterval(keepAlive);
process.stdout.write('clean\n');
await end(0);
