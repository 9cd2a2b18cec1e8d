// Makes a release of the version in package.json: `npm run release`, or with `-- --dry-run` in a copy
// of the repository that is thrown away. CONTRIBUTING.md says what goes before and after it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const say = (line) => process.stdout.write(`${line}\n`);

class Refusal extends Error {}

/** Returns the topmost section: its version, its date or `unreleased`, and its text. */
function topSection(changelog) {
  const [, version, date, text] =
    /^## \[([^\]]+)\] - (\S+)\n([\s\S]*?)(?=^## \[|(?![\s\S]))/m.exec(changelog) ?? [];
  if (version === undefined) {
    throw new Refusal('CHANGELOG.md has no section like "## [1.2.3] - unreleased".');
  }
  return { version, date, text: text.trim() };
}

function run(folder, file, ...args) {
  return execFileSync(file, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] });
}

const git = (folder, ...args) => run(folder, 'git', ...args).trim();

/** Checks everything, dates the changelog's section, commits, tags and packs; in `folder`. */
function release(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const locked = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const changelogFile = join(folder, 'CHANGELOG.md');
  const changelog = readFileSync(changelogFile, 'utf8');
  const { version, date, text } = topSection(changelog);
  const tag = `v${version}`;
  if (git(folder, 'status', '--porcelain') !== '') {
    throw new Refusal('Not everything is committed: commit or remove what `git status` shows.');
  }
  for (const [name, found] of [
    ['package.json', manifest.version],
    ['package-lock.json', locked.version],
  ]) {
    if (found !== version) {
      throw new Refusal(`${name} has version ${found}, the topmost section is about ${version}.`);
    }
  }
  if (date !== 'unreleased') throw new Refusal(`CHANGELOG.md says that ${version} is of ${date}.`);
  if (text === '') throw new Refusal(`CHANGELOG.md says nothing about ${version}.`);
  if (git(folder, 'tag', '--list', tag) !== '') throw new Refusal(`The tag ${tag} is there.`);

  say('Running npm run check');
  run(folder, 'npm', 'run', '--silent', 'check');
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(
    changelogFile,
    changelog.replace(`## [${version}] - unreleased`, `## [${version}] - ${today}`),
  );
  git(folder, 'commit', '--quiet', '--message', `Release ${version}`, 'CHANGELOG.md');
  git(folder, 'tag', '--annotate', '--cleanup=verbatim', '--message', `${tag}\n\n${text}`, tag);
  const [{ filename }] = JSON.parse(run(folder, 'npm', 'pack', '--json', '--silent'));
  const bytes = readFileSync(join(folder, filename));
  say(`${createHash('sha256').update(bytes).digest('hex')}  ${filename}`);
  return { tag, filename };
}

/** Makes the release in a clone of `folder`, with what is committed there. */
function tryRelease(folder) {
  const copy = mkdtempSync(join(tmpdir(), 'mkbase-release-'));
  try {
    git(folder, 'clone', '--quiet', '--no-hardlinks', folder, copy);
    for (const key of ['user.name', 'user.email']) {
      git(copy, 'config', key, git(folder, 'config', '--default', 'release', key));
    }
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) {
      symlinkSync(realpathSync(modules), join(copy, 'node_modules'));
      // .gitignore names a folder, which a link is not.
      appendFileSync(join(copy, '.git/info/exclude'), 'node_modules\n');
    }
    const { tag } = release(copy);
    say(`Dry run: ${tag} can be released. Nothing was changed.`);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const [option, ...rest] = process.argv.slice(2);
try {
  if (rest.length > 0 || (option !== undefined && option !== '--dry-run')) {
    throw new Refusal('usage: npm run release [-- --dry-run]');
  }
  if (option === '--dry-run') tryRelease(process.cwd());
  else {
    const { tag, filename } = release(process.cwd());
    say(`Released ${tag}. Next: git push --follow-tags, then npm publish ${filename}`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
