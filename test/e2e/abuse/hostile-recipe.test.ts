import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../../support/folder.ts';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import { everyEngine } from '../support/engines.ts';
import { environment, mkbase } from '../support/mkbase.ts';
import { observe } from '../support/observed-run.ts';
import { processesWith, traces } from '../support/traces.ts';

const folder = folderForEachTest();

/** Texts that mean something to a shell, to printf, to YAML, to Dockerfiles or to JavaScript. */
const words = [
  '$(touch /pwned)',
  '`touch /pwned`',
  '; rm -rf /',
  '&& false',
  '| false',
  '> /pwned',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: meant for a shell, if one should read it
  '$HOME ${HOME} ~',
  "it's",
  '"quoted"',
  'back\\slash \\n \\x41',
  '*',
  '%s %n',
  '-leading',
  '--',
  '@file',
  '#hash',
  'trailing ',
  'ümlaut 漢字 🎈',
  '__proto__',
  'constructor',
  '{{.ID}}',
  '',
];
const withLines = [...words, 'two\nlines', 'tab\there', '\r\n'];

describe.each(everyEngine)('texts of a recipe, with $title', ({ engine }) => {
  test('reach the builder and the image as they are, and no shell on the way', async () => {
    const work = folder();
    const listing = 'for word; do printf "<%s>" "$word"; done >&2; echo >&2; env >&2';
    const env = Object.fromEntries(words.map((word, at) => [`WORD_${at}`, word]));
    const labels = Object.fromEntries(words.map((word, at) => [`word.${at}`, word]));
    const recipe = busyboxRecipe(join(work, 'recipe'), { env });
    const file = join(recipe, 'recipe.yaml');
    const text = readFileSync(file, 'utf8')
      .replace(
        /image: .*/,
        `image: ${JSON.stringify({ cmd: ['/busybox', 'echo', ...withLines], env, labels })}`,
      )
      .replace(
        '    build: [',
        `    build: [${JSON.stringify(['sh', '-euc', listing, 'sh', ...withLines])}, `,
      )
      .replace(
        /test:[\s\S]*/,
        `test:\n  - ${JSON.stringify({ run: [], stdout: withLines.join(' ') })}\n`,
      );
    writeFileSync(file, text);
    const args = [recipe, '--engine', engine, '--json', '--output', 'type=oci,dest=layout/'];
    const stored = engine === 'namespace' ? [] : ['--output', 'type=import'];
    const run = await observe([...args, ...stored], { cwd: work });
    expect(run).toMatchObject({ code: 0 });
    const log = run.events
      .flatMap((event) => (event.type === 'log' ? [event.line] : []))
      .join('\n');
    expect(log).toContain(withLines.map((word) => `<${word}>`).join(''));
    for (const [name, value] of Object.entries(env)) expect(log).toContain(`\n${name}=${value}\n`);
    expect(existsSync('/pwned')).toBe(false);

    const layout = join(work, 'layout');
    const blob = (digest: string) =>
      JSON.parse(readFileSync(join(layout, 'blobs', digest.replace(':', '/')), 'utf8'));
    const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
    const { config } = blob(blob(manifests[0].digest).config.digest);
    const configs = [config];
    if (engine !== 'namespace') {
      const ask = ['image', 'inspect', 'mkbase/abuse'];
      const [inspected] = JSON.parse(execFileSync(engine, ask, { env: environment() }).toString());
      configs.push(inspected.Config);
    }
    for (const { Cmd, Env, Labels } of configs) {
      expect(Cmd).toEqual(['/busybox', 'echo', ...withLines]);
      expect(Env).toEqual(Object.entries(env).map(([name, value]) => `${name}=${value}`));
      expect(Labels).toMatchObject(labels);
    }
  });
});

describe('a recipe', () => {
  const base = (from: string, rest = '') =>
    `name: bad\nfrom:\n  static:\n    toolchain: gcc-musl\n${from}\n${rest}`;

  test.each([
    ['a source that is an option', base('    sources: ["-o x.c"]'), 5],
    ['a source that leaves the folder', base('    sources: [../x.c]'), 5],
    ['a source that is absolute', base('    sources: [/etc/x.c]'), 5],
    [
      'a macro that is none',
      base('    sources: [x.c]\n    defines: { "A -include /etc/passwd": true }'),
      6,
    ],
    ['a library that is an option', base('    sources: [x.c]\n    libs: ["-l:../../x"]'), 6],
    [
      'a program that leaves its place',
      base('    sources: [x.c]\n    programs: { "../x": /x }'),
      6,
    ],
    ['a program that goes elsewhere', base('    sources: [x.c]\n    programs: { x: /../x }'), 6],
    ['__proto__ as a field', base('    sources: [x.c]\n    __proto__: { strip: false }'), 6],
    ['__proto__ as a variable', base('    sources: [x.c]\n    env: { __proto__: x }'), 6],
    ['a line in a label', base('    sources: [x.c]', 'image: { labels: { a: "x\\ny" } }'), 6],
    ['a line in a variable', base('    sources: [x.c]', 'image: { env: { A: "x\\ny" } }'), 6],
    [
      'a label that is a second one',
      base('    sources: [x.c]', 'image: { labels: { "a=b c": x } }'),
      6,
    ],
    [
      'a user that is an instruction',
      base('    sources: [x.c]', 'image: { user: "root\\nRUN x" }'),
      6,
    ],
    ['a name that is a path', 'name: ../../etc\nfrom: { debs: { packages: [netbase] } }\n', 1],
    ['a package that is an option', 'name: bad\nfrom: { debs: { packages: ["--force"] } }\n', 2],
    [
      'a suite that leaves the archive',
      'name: bad\nfrom: { debs: { suite: ../x, packages: [netbase] } }\n',
      2,
    ],
    ['an alias', 'name: bad\nfrom: &a { debs: { packages: [netbase] } }\nimage: *a\n', 2],
  ])('with %s is refused where it stands', async (_, text, line) => {
    const work = folder();
    writeFileSync(join(work, 'x.c'), 'int main(void) { return 0; }\n');
    writeFileSync(join(work, 'bad.yaml'), text);
    const run = await mkbase(['./bad.yaml'], { cwd: work });
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr).toContain(`bad.yaml:${line}:`);
    expect(run.stderr).toContain('code: RECIPE_INVALID');
    expect(run.stderr).toContain('^');
  });
});

describe.each(everyEngine)('a hostile build, with $title', ({ engine }) => {
  async function build(script: string) {
    const work = folder();
    const word = `hostile-${process.pid}-${engine}`;
    const recipe = busyboxRecipe(join(work, 'recipe'), {
      archive: { 'build.sh': script },
      build: 'sh ./build.sh',
    });
    const args = [
      recipe,
      '--engine',
      engine,
      '--json',
      '--output',
      `type=rootfs,dest=${join(work, 'rootfs.tar')}`,
    ];
    const run = await observe(args, { cwd: work, env: { WORD: word } });
    const log = run.events.flatMap((event) => (event.type === 'log' ? [event.line] : []));
    return { run, log, work, word, query: { engine, pids: [run.pid], folders: [work], word } };
  }

  test('sees neither network, nor engine, nor anything of the host', async () => {
    const server = createServer((_, response) => response.end('reached'));
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    const { port } = server.address() as AddressInfo;
    const { run, log } = await build(`
      wget -T 2 -q -O - http://127.0.0.1:${port}/ >&2 || echo no network >&2
      for path in /var/run/docker.sock /run/docker.sock /run/podman ${folder()} /etc/shadow /root /home; do
        if [ -e "$path" ]; then echo "sees $path" >&2; fi
      done
      mknod device b 8 0 2>/dev/null && echo device >&2
      kill -9 -1 2>/dev/null; echo still here >&2`);
    server.close();
    expect(log.filter((line) => /reached|sees|device/.test(line) && !line.startsWith('+'))).toEqual(
      [],
    );
    expect(log).toContain('no network');
    expect([0, 6]).toContain(run.code);
  });

  test('brings into the image nothing but the declared program', async () => {
    const { run, work } = await build(`
      ln -s /etc/passwd ../out/link
      mkdir -p ../out/etc ../out/.wh.etc
      echo root::0:0::/:/bin/sh >../out/etc/passwd
      cp /usr/bin/busybox ../out/1
      echo x >../out/link.map
      cp /usr/bin/busybox '../out/..'.wh`);
    expect(run).toMatchObject({ code: 0 });
    const listed = execFileSync('tar', ['-tvf', join(work, 'rootfs.tar')]).toString();
    expect(listed).toMatch(/^-rwxr-xr-x 0\/0 +\d+ .* busybox\n$/);
  });

  test.each([
    ['a link', 'ln -s /usr/bin/busybox ../out/0; exec sleep 0', /./],
    ['a link in place of its program', 'cp() { :; }; ln -s /etc/passwd busybox', /./],
  ])('cannot pass off %s', async (_, script) => {
    const { run, work } = await build(script);
    if (run.code !== 0) return expect(run.code).toBe(6);
    const listed = execFileSync('tar', ['-tvf', join(work, 'rootfs.tar')]).toString();
    expect(listed).toMatch(/^-rwxr-xr-x 0\/0 +\d+ .* busybox\n$/);
  });

  test('that floods its log, its disk and its output ends as a failed build', async () => {
    const { run, query, word } = await build(`
      yes 'flood flood flood flood flood flood' >&2 &
      dd if=/dev/zero of=filler bs=1000000 count=10000 2>/dev/null
      exit 3`);
    expect(run.events.at(-1)).toMatchObject({ type: 'error', code: 'BUILD_FAILED' });
    expect(run).toMatchObject({ code: 6, stdout: '' });
    expect(traces(query)).toEqual([]);
    expect(processesWith(word)).toEqual([]);
  });
});
