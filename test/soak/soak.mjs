// Long proofs, one item after another: `npm run soak [-- PROOF | PROOF/ITEM]...`. What has passed at
// this commit is not run again, so the proofs can be stopped with Ctrl-C and taken up later.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { appendResult, currentCommit, defaultFile, lastResult, readResults } from './results.mjs';

const usage = `usage: npm run soak [-- [--results FILE] [--again] [--list] [PROOF | PROOF/ITEM]...]

  --results FILE  append results to this file; ${defaultFile()} when left out
  --again         run also what has passed at this commit
  --list          print the items and their last results, and run nothing
  --items FILE    take the items from a JSON file
`;

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    results: { type: 'string', default: defaultFile() },
    again: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    items: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  process.stdout.write(usage);
  process.exit(0);
}

const idOf = ({ proof, item }) => `${proof}/${item}`;

const everyItem = options.items
  ? JSON.parse(readFileSync(options.items, 'utf8'))
  : (await import('./items.mjs')).items;
const unknown = names.filter(
  (name) => !everyItem.some((each) => each.proof === name || idOf(each) === name),
);
if (unknown.length > 0) {
  const proofs = [...new Set(everyItem.map(({ proof }) => proof))].join(', ');
  process.stderr.write(`no proof is called ${unknown.join(', ')}; there are ${proofs}\n${usage}`);
  process.exit(2);
}
const wanted = everyItem.filter(
  (each) => names.length === 0 || names.includes(each.proof) || names.includes(idOf(each)),
);

const { commit, dirty } = currentCommit();
let stopped;
let running;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopped = signal;
    running?.kill(signal);
  });
}

/** Runs one item; resolves to its outcome, the number of tests that passed, and its output. */
async function run({ argv: [file, ...args], env, tests }) {
  const folder = mkdtempSync(join(tmpdir(), 'mkbase-soak-'));
  const report = join(folder, 'report.json');
  const output = [];
  running = spawn(file, args, {
    env: { ...process.env, ...env, MKBASE_TEST_REPORT: report },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (d) => output.push(d));
  const code = await new Promise((done) => {
    running.on('error', (error) => done(error.message));
    running.on('close', (status, signal) => done(status ?? signal));
  });
  running = undefined;
  const passed = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).numPassedTests : 0;
  rmSync(folder, { recursive: true });
  const outcome = code !== 0 ? 'failed' : tests && passed === 0 ? 'left out' : 'passed';
  return { outcome, tests: passed, output: Buffer.concat(output).toString() };
}

const found = new Map();
const earlier = readResults(options.results);
for (const each of wanted) {
  const last = lastResult(earlier, each, commit);
  if (last !== undefined && !dirty) found.set(each, last);
}

if (!options.list) {
  if (dirty) process.stderr.write('Not everything is committed: results count in this run only.\n');
  for (const each of wanted) {
    if (found.get(each)?.outcome === 'passed' && !options.again) continue;
    process.stderr.write(`${idOf(each)} …\n`);
    const begin = Date.now();
    const { outcome, tests, output } = await run(each);
    if (stopped) break;
    const { proof, item } = each;
    const ended = new Date().toISOString();
    const seconds = Math.round((Date.now() - begin) / 1000);
    const result = { proof, item, outcome, tests, seconds, ended, commit, dirty };
    appendResult(options.results, { ...result, node: process.version });
    found.set(each, result);
    if (outcome === 'failed') process.stderr.write(output);
  }
}

const rows = wanted.map((each) => {
  const { outcome = 'not run', tests = '', seconds, ended = '' } = found.get(each) ?? {};
  return [idOf(each), outcome, `${tests}`, seconds === undefined ? '' : `${seconds} s`, ended];
});
const heading = ['item', 'outcome', 'tests', 'time', 'ended'];
const widths = heading.map((_, at) => Math.max(...[heading, ...rows].map((row) => row[at].length)));
for (const row of [heading, ...rows]) {
  process.stdout.write(
    `${row
      .map((cell, at) => cell.padEnd(widths[at]))
      .join('  ')
      .trimEnd()}\n`,
  );
}
process.stdout.write(`at ${commit}${dirty ? ', with changes' : ''}; ${options.results}\n`);

const failed = [...found.values()].some(({ outcome }) => outcome === 'failed');
process.exitCode = stopped ? (stopped === 'SIGINT' ? 130 : 143) : failed ? 1 : 0;
