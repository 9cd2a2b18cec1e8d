import { setTimeout as sleep } from 'node:timers/promises';
import { listenForSignals } from '../../../src/commands/interruption.ts';

/** Works until it is stopped, then takes as long to clean up as its argument says, in milliseconds. */
const { signal, exitCode } = listenForSignals();
process.stdout.write('working\n');
const keepAlive = setInterval(() => {}, 1000);
await new Promise((resolve) => signal.addEventListener('abort', resolve));
process.stdout.write('cleaning\n');
await sleep(Number(process.argv[2]));
clearInterval(keepAlive);
process.stdout.write('clean\n');
process.exit(exitCode());
