import { describe, expect, test } from 'vitest';
import {
  answerOf,
  parseChoices,
  readWords,
} from '../../../../src/kinds/debootstrap/choose/answer.ts';
import { file, streamOf, tarOf } from '../../../support/tar.ts';

const uri = (index: number, name: string, rest = '') =>
  `'file:/build/index/${index}/./pool/main/x/${name.replace(/%3a/, '')}.deb' ${name}.deb 1234 SHA256:00${rest}`;

const sound = { mirror: 'http://mirror.example/debian', base: `${uri(0, 'a_1_amd64')}\n` };

const words = async (texts: Readonly<Record<string, string>>) =>
  readWords(streamOf(await tarOf(Object.entries(texts).map(([name, text]) => file(name, text)))));

describe("apt's choices", () => {
  test('are names, versions and architectures, and the index that each is from', () => {
    const text = [
      uri(0, 'libstdc++6_14.2.0-19_amd64'),
      uri(3, 'bsdutils_1%3a2.41.5-0+deb13u1_amd64'),
      uri(12, 'tzdata_2026f-0+deb13u1_all'),
      '',
    ].join('\n');
    expect(parseChoices(text)).toEqual([
      { name: 'libstdc++6', version: '14.2.0-19', architecture: 'amd64', index: 0 },
      { name: 'bsdutils', version: '1:2.41.5-0+deb13u1', architecture: 'amd64', index: 3 },
      { name: 'tzdata', version: '2026f-0+deb13u1', architecture: 'all', index: 12 },
    ]);
  });

  test.each([
    ['another place', "'http://evil.example/a_1_amd64.deb' a_1_amd64.deb 1 SHA256:0"],
    ['no version', "'file:/build/index/0/./a.deb' a.deb 1 SHA256:0"],
    ['one part too many', "'file:/build/index/0/./a.deb' a_1_amd64_x.deb 1 SHA256:0"],
    ['a word', 'Reading package lists...'],
  ])('are refused with %s', (_, line) => {
    expect(() => parseChoices(line)).toThrow(expect.objectContaining({ code: 'BUILD_OUTPUT' }));
  });
});

describe('the answer', () => {
  test('is read from a tar of texts', async () => {
    const read = await words({ ...sound, mirror: `${sound.mirror}\n`, other: 'ignored' });
    expect(answerOf(read)).toMatchObject({ mirror: sound.mirror, base: [{ name: 'a' }] });
  });

  test('for nothing besides the base set is the base set', () => {
    expect(answerOf(sound).all).toEqual(answerOf(sound).base);
    const all = `${sound.base}${uri(1, 'b_2_all')}\n`;
    expect(answerOf({ ...sound, all }).all.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test.each([
    ['none', {}],
    ['two lines', { mirror: 'http://a.example/debian\nSigned-By: x\n' }],
    ['one with a name in it', { mirror: 'http://user:secret@a.example/debian\n' }],
    ['a file', { mirror: 'file:/etc\n' }],
  ])('is refused with %s for a mirror', async (_, texts: Record<string, string>) => {
    await expect(words({ base: sound.base, ...texts })).rejects.toMatchObject({
      code: 'BUILD_OUTPUT',
    });
  });

  test("that there is none comes with apt's own reasons", () => {
    const problem =
      'E: Unable to correct problems, you have held broken packages.\n   1. postfix Conflicts exim4\n\n';
    expect(() => answerOf({ ...sound, problem })).toThrow(
      expect.objectContaining({
        code: 'PACKAGE_CONFLICT',
        message: expect.stringMatching(/wanted:\n {2}E: Unable.*\n {5}1\. postfix.*$/),
        hint: expect.stringContaining('"packages"'),
      }),
    );
    const unreadable = 'E: Encountered a section with no Package: header\n';
    expect(() => answerOf({ ...sound, problem: unreadable })).toThrow(
      expect.objectContaining({ code: 'SOURCE_CORRUPT' }),
    );
    const { base: _, ...without } = sound;
    expect(() => answerOf({ ...without, problem })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('try again later') }),
    );
  });
});
