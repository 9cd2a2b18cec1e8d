import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openToRead, openToWrite } from '../../../src/engines/namespace/named-pipes.ts';
import { temporaryFolder } from '../../support/folder.ts';

function pipe(): string {
  const path = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('a program that waits at a pipe gets what is written', async () => {
  const path = pipe();
  const program = spawn('sh', ['-c', 'exec 3<>"$0"; echo open; head -n 1 <&3', path]);
  await once(program.stdout, 'data');
  const input = await openToWrite(path);
  input?.write('typed\n');
  expect(await textOf(program.stdout)).toBe('typed\n');
  input?.destroy();
});

test('a program that has a pipe open both ways is read until it ends', async () => {
  const path = pipe();
  const program = spawn('sh', [
    '-c',
    'exec 3<>"$0"; echo open; read -r line; echo "$line" >&3; read -r end',
    path,
  ]);
  await once(program.stdout, 'data');
  const output = await openToRead(path);
  program.stdin.write('printed\n');
  const reading = textOf(output);
  program.stdin.end();
  expect(await reading).toBe('printed\n');
});

test('a pipe that nobody has open any more is neither waited for nor written to', async () => {
  const path = pipe();
  expect(await openToWrite(path)).toBeUndefined();
  expect(await textOf(await openToRead(path))).toBe('');
});

test('a pipe that is not there is an error of its own', async () => {
  const path = join(temporaryFolder(), 'absent');
  await expect(openToRead(path)).rejects.toMatchObject({ code: 'IO' });
  await expect(openToWrite(path)).rejects.toMatchObject({ code: 'IO' });
});
