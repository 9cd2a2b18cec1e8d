import { pipeCommand } from '../../../src/base/run-command.ts';

/** Starts a program that is to be stopped elsewhere, and ends while it still runs. */
const [script = ''] = process.argv.slice(2);
const stop = () => new Promise<void>(() => {});
await pipeCommand(
  { file: 'sh', args: ['-c', script], stop },
  async (stdout) => {
    for await (const _ of stdout) process.exit(3);
  },
  () => {},
);
