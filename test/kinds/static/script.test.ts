import { describe, expect, test } from 'vitest';
import { programsOf } from '../../../src/kinds/static/programs.ts';
import { staticProgram } from '../../../src/kinds/static/schema.ts';
import { buildScript } from '../../../src/kinds/static/script.ts';
import type { ToolchainSettings } from '../../../src/recipe/schema.ts';

const toolchain: ToolchainSettings = {
  libc: 'glibc',
  cc: ['gcc'],
  cxx: ['g++'],
  strip: ['strip', '--strip-all'],
  linkFlags: ['-static'],
  env: {},
};

function scriptOf(fields: object, archive?: string): string {
  const source = staticProgram.parse(fields);
  return buildScript(source, toolchain, programsOf('demo', source), archive);
}

describe('buildScript', () => {
  test('compiles each source with the compiler of its language and links once', async () => {
    const script = scriptOf({
      toolchain: 'gcc-glibc',
      sources: ['main.cc', 'lib/part.c'],
      include: ['include', 'config.h'],
      flags: ['-O2'],
      defines: { NAME: '"it\'s"', LEVEL: 3, FAST: true },
      libs: ['m'],
      linkFlags: ['-Wl,--gc-sections'],
    });
    await expect(script).toMatchFileSnapshot('../../golden/build/sources.sh');
  });

  test('runs the commands of an upstream archive as they stand, word by word', async () => {
    const script = scriptOf(
      {
        toolchain: 'gcc-glibc',
        archive: { debian: 'demo' },
        build: [
          ['./configure', '--prefix=/usr; rm -rf /'],
          ['make', '$(id)'],
        ],
        programs: {
          'src/demo': '/usr/bin/demo',
          'my tool': { path: '/usr/bin/tool', mode: '4755' },
        },
        strip: false,
      },
      'demo_1.0.orig.tar.gz',
    );
    await expect(script).toMatchFileSnapshot('../../golden/build/upstream.sh');
  });

  test('a recipe that links with -static-pie gets no -static, which would be for fixed addresses', () => {
    const fields = { toolchain: 't', sources: ['a.c'], linkFlags: ['-static-pie'] };
    const link = scriptOf(fields)
      .split('\n')
      .find((line) => line.includes('link.map'));
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
