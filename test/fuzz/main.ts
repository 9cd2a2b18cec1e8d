import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { packageRoot } from '../../src/base/package-root.ts';
import { judgeTimed } from './judge.ts';
import type { Reader } from './reader.ts';
import { readers } from './readers/all.ts';
import { type Ended, supervise } from './supervise.ts';
import { work } from './work.ts';

const folder = join(packageRoot, 'test/fuzz');
const usage = `usage: npm run fuzz -- READER... [--seconds N] [--seed S] [--keep]
       npm run fuzz -- READER --input FILE

  READER       ${readers.map(({ name }) => name).join(', ')}; or all
  --seconds N  altogether, the same for each reader; 60 when left out
  --seed S     makes the same inputs again, as far as time allows
  --keep       adds inputs that reach new code to test/fuzz/corpus
  --input FILE reads one input, and says how that ended
`;

const print = (text: string): boolean => process.stdout.write(text);

function line(name: string, { summary, findings, seconds }: Ended): string {
  const { inputs = 0, accepted = 0, compared = 0, blocks = 0, corpus = 0 } = summary ?? {};
  const counts = `${inputs} inputs, ${accepted} accepted, ${compared} compared`;
  const found = findings.length === 0 ? 'nothing found' : `${findings.length} FOUND`;
  return `${name.padEnd(16)} ${Math.round(seconds)} s: ${counts}, ${blocks} blocks, corpus ${corpus}: ${found}\n`;
}

async function readOne(reader: Reader, file: string): Promise<number> {
  const { accepted, meaning, problem } = await judgeTimed(reader, readFileSync(file));
  const input = readFileSync(file);
  const [difference] =
    accepted && reader.compare ? await reader.compare([{ input, meaning }]) : [undefined];
  reader.close?.();
  const told = problem ?? difference;
  print(
    `${told ?? (accepted ? `accepted: ${JSON.stringify(meaning)?.slice(0, 2000)}` : 'refused')}\n`,
  );
  return told === undefined ? 0 : 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      input: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const named = readers.filter(({ name }) => positionals.includes(name));
  const chosen = positionals.includes('all') ? readers : named;
  const [first] = chosen;
  if (first === undefined || named.length + Number(chosen === readers) < positionals.length) {
    process.stderr.write(usage);
    return 2;
  }
  if (values.input !== undefined) return readOne(first, values.input);
  let found = 0;
  for (const { name } of chosen) {
    const ended = await supervise({
      ...{ reader: name, folder, keeping: values.keep },
      seconds: Number(values.seconds) / chosen.length,
      seed: Number(values.seed),
    });
    print(line(name, ended));
    for (const { file, problem } of ended.findings) {
      const command = `npm run fuzz -- ${name} --input ${file}`;
      print(`\n${problem}\n\nmade by seed ${values.seed}; to see it again: ${command}\n\n`);
    }
    found += ended.findings.length;
  }
  return found === 0 ? 0 : 1;
}

if (isMainThread) process.exitCode = await main();
else await work();
