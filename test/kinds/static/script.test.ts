import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { platforms } from '../../../src/base/platform.ts';
import { programsOf, staticProgram } from '../../../src/kinds/static/schema.ts';
import { buildEnvironment, buildScript, writeScript } from '../../../src/kinds/static/script.ts';
import type { ToolchainSettings } from '../../../src/recipe/schema/schema.ts';
import { temporaryFolder } from '../../support/folder.ts';

const toolchain: ToolchainSettings = {
  libc: 'glibc',
  cc: ['gcc'],
  cxx: ['g++'],
  strip: ['strip', '--strip-all'],
  linkFlags: ['-static'],
  env: {},
};

function scriptOf(
  fields: object,
  archive?: string,
  programs: Partial<ToolchainSettings> = {},
): string {
  const source = staticProgram.parse(fields);
  const settings = { ...toolchain, ...programs };
  const { prepare, commands } = buildScript(source, settings, programsOf('demo', source), archive);
  return writeScript(...prepare, ...commands);
}

/** Writes a program that prints its words, each in `<>`, and makes the file that `-o` names. */
function recorder(folder: string, name: string): string {
  const program = join(folder, name);
  const script = `#!/bin/sh
printf '${name}'; printf ' <%s>' "$@"; echo
while [ "$#" -gt 1 ]; do if [ "$1" = -o ]; then echo ${name} >"$2"; fi; shift; done
`;
  writeFileSync(program, script, { mode: 0o755 });
  return program;
}

/** Runs a script as a builder does; resolves to what its commands print, a line each. */
const run = (script: string, folder: string): string[] =>
  execFileSync('/bin/sh', ['-c', script], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trimEnd()
    .split('\n');

describe('buildScript', () => {
  test('compiles each source with the compiler of its language and links once', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'src'));
    const source = {
      toolchain: 'gcc-glibc',
      sources: ['main.cc', 'lib/part.c'],
      include: ['include', 'config.h'],
      flags: ['-O2'],
      defines: { NAME: '"it\'s"', LEVEL: 3, FAST: true },
      libs: ['m'],
      linkFlags: ['-Wl,--gc-sections'],
    };
    const script = scriptOf(source, undefined, {
      cc: [recorder(folder, 'cc'), '-std=c17'],
      cxx: [recorder(folder, 'c++')],
    });
    const own = '<-O2> <-DNAME="it\'s"> <-DLEVEL=3> <-DFAST> <-Iinclude>';
    expect(run(script, folder)).toEqual([
      `c++ ${own} <-frandom-seed=main.cc> <-c> <main.cc> <-o> <../obj/0.o>`,
      `cc <-std=c17> ${own} <-frandom-seed=lib/part.c> <-c> <lib/part.c> <-o> <../obj/1.o>`,
      'c++ <-O2> <-static> <-Wl,--gc-sections> <-s> <-Wl,-Map=../out/link.map> <-o> <../out/0> <../obj/0.o> <../obj/1.o> <-lm>',
    ]);
    expect(readdirSync(join(folder, 'out'))).toEqual(['0']);
  });

  test('stops at the first source that does not compile', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'src'));
    const script = scriptOf({ toolchain: 't', sources: ['a.c'] }, undefined, { cc: ['false'] });
    expect(() => run(script, folder)).toThrow();
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  describe('of an upstream archive', () => {
    const source = {
      toolchain: 'gcc-glibc',
      archive: { debian: 'demo' },
      build: [
        ['./configure', '--prefix=/usr; echo owned', "it's"],
        ['./configure', '$(id)', '*'],
      ],
      programs: {
        'src/demo': '/usr/bin/demo',
        'my tool': { path: '/usr/bin/tool', mode: '4755' },
        'not-built': '/usr/bin/absent',
      },
    };
    const name = 'demo_1.0.orig.tar.gz';

    /** A folder with the archive of a small project. */
    function unpacked(): string {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'demo-1.0/src'), { recursive: true });
      recorder(join(folder, 'demo-1.0'), 'configure');
      writeFileSync(join(folder, 'demo-1.0/src/demo'), 'the demo');
      writeFileSync(join(folder, 'demo-1.0/my tool'), 'the tool');
      execFileSync('tar', ['-czf', name, 'demo-1.0'], { cwd: folder });
      return folder;
    }

    test('runs its commands as they stand, word by word', () => {
      expect(run(scriptOf({ ...source, strip: false }, name), unpacked())).toEqual([
        "configure <--prefix=/usr; echo owned> <it's>",
        'configure <$(id)> <*>',
      ]);
    });

    test('takes the programs that were built, in their order', () => {
      const folder = unpacked();
      run(scriptOf({ ...source, strip: false }, name), folder);
      const out = (file: string) => readFileSync(join(folder, 'out', file), 'utf8');
      expect(readdirSync(join(folder, 'out')).sort()).toEqual(['0', '1']);
      expect([out('0'), out('1')]).toEqual(['the demo', 'the tool']);
    });

    test.each<[string, string[], string]>([
      ['in one folder', ['demo-1.0'], 'demo-1.0/src/demo'],
      ['in one folder, written as ./demo-1.0', ['./demo-1.0'], 'demo-1.0/src/demo'],
      ['at the top', ['-C', 'demo-1.0', 'configure', 'src'], 'src/demo'],
      ['at the top, written as ./src', ['-C', 'demo-1.0', '.'], 'src/demo'],
      ['in a folder beside a file', ['demo-1.0', 'package.xml'], 'demo-1.0/src/demo'],
      ['in a folder beside a hidden file', ['demo-1.0', '.package'], 'demo-1.0/src/demo'],
    ])('finds files that lie %s', (_, members, demo) => {
      const folder = unpacked();
      for (const each of ['package.xml', '.package']) writeFileSync(join(folder, each), '');
      execFileSync('tar', ['-czf', name, ...members], { cwd: folder });
      const alone = !members.some((each) => each.includes('package')) && !members.includes('-C');
      const built = alone ? demo.replace('demo-1.0/', '') : demo;
      const fields = { ...source, strip: false, build: [['true']], programs: { [built]: '/demo' } };
      const { stderr } = spawnSync('/bin/sh', ['-c', scriptOf(fields, name)], {
        ...{ cwd: folder, encoding: 'utf8' },
      });
      expect(readFileSync(join(folder, 'out/0'), 'utf8')).toBe('the demo');
      expect(stderr).toContain(
        alone
          ? `The sources are the folder demo-1.0 of ${name}.`
          : `${name} has no folder around its files: they are built as they lie.`,
      );
    });

    test('strips each program, unless the recipe says not to', () => {
      const folder = unpacked();
      const strip = [recorder(folder, 'strip'), '--strip-all'];
      expect(run(scriptOf(source, name, { strip }), folder).slice(2)).toEqual([
        'strip <--strip-all> <../out/0>',
        'strip <--strip-all> <../out/1>',
      ]);
    });
  });

  test('builds a folder of sources as it lies, also where everything is in one folder', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'project/demo'), { recursive: true });
    writeFileSync(join(folder, 'project/demo/demo'), 'the demo');
    execFileSync('tar', ['-cf', 'sources.tar', '-C', 'project', '.'], { cwd: folder });
    const fields = {
      ...{ toolchain: 't', folder: '.', strip: false },
      build: [['cp', 'demo/demo', 'made']],
      programs: { made: '/demo' },
    };
    run(scriptOf(fields), folder);
    expect(readFileSync(join(folder, 'out/0'), 'utf8')).toBe('the demo');
  });

  test('a recipe that links with -static-pie gets no -static, which would be for fixed addresses', () => {
    const fields = { toolchain: 't', sources: ['a.c'], linkFlags: ['-static-pie'] };
    const link = scriptOf(fields)
      .split('\n')
      .find((line) => line.startsWith("'gcc'") && line.includes('link.map'));
    expect(link?.split(' ')).toContain("'-static-pie'");
    expect(link?.split(' ')).not.toContain("'-static'");
  });

  test('an archive whose name could be an option or a path is refused', () => {
    const fields = { toolchain: 't', archive: { debian: 'demo' }, programs: { demo: '/demo' } };
    for (const name of ['--checkpoint-action=exec=sh', '../demo.tar', 'a b.tar', '']) {
      expect(() => scriptOf(fields, name)).toThrow(/archive's name/);
    }
  });
});

describe('programsOf', () => {
  test('a program of own sources is called as its recipe when it is not named', () => {
    const source = staticProgram.parse({ toolchain: 't', sources: ['a.c'] });
    expect(programsOf('demo', source)).toEqual([{ built: 'demo', path: '/demo', mode: 0o755 }]);
  });
});

describe('buildEnvironment', () => {
  const environment = (fields: object, linkFlags: readonly string[] = ['-static']) =>
    buildEnvironment(
      staticProgram.parse({ toolchain: 't', ...fields }),
      { ...toolchain, linkFlags: [...linkFlags] },
      0,
      platforms['linux/amd64'],
    );
  const made = { build: [['make']], programs: { demo: '/demo' } };
  const own = { ...made, folder: '.' };

  test.each([
    ['a folder', own, ['-static']],
    ['an archive', { ...made, archive: { debian: 'demo' } }, ['-static']],
    ['a link that can be moved', { ...own, linkFlags: ['-static-pie'] }, ['-static']],
    ['a link that is static by the recipe', { ...own, linkFlags: ['-static'] }, []],
  ])('pkg-config tells what a static library needs in turn: %s', (_, fields, linkFlags) => {
    expect(environment(fields, linkFlags).PKG_CONFIG).toBe('pkg-config --static');
  });

  test('says nothing of pkg-config to sources that are compiled here, or to a link that is not static', () => {
    expect(environment({ sources: ['a.c'] })).not.toHaveProperty('PKG_CONFIG');
    expect(environment(own, ['-nostdlib'])).not.toHaveProperty('PKG_CONFIG');
    expect(environment({ ...own, env: { PKG_CONFIG: 'pkgconf' } }).PKG_CONFIG).toBe('pkgconf');
  });
});

test('Perl says nothing of a locale that the builder does not have', () => {
  const source = staticProgram.parse({ toolchain: 'gcc-musl', sources: ['a.c'] });
  const env = buildEnvironment(source, toolchain, 0, platforms['linux/amd64']);
  const { stdout, stderr } = spawnSync('perl', ['-e', 'print 1'], { env, encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: '1', stderr: '' });
});
