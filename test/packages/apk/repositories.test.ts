import { describe, expect, test } from 'vitest';
import { rootfsRepositories } from '../../../src/packages/apk/repositories.ts';
import { file } from '../../support/tar.ts';

const read = (text: string) =>
  rootfsRepositories([file('etc/apk/repositories', text)], 'some.tar.gz');

describe('the repositories of a root filesystem', () => {
  test('are those that it names, below the root of any mirror', async () => {
    const text = [
      '# a comment',
      'https://dl-cdn.alpinelinux.org/alpine/v3.20/main',
      'http://me:secret@mirror.example/v3.20/community/',
      '',
      '@testing https://dl-cdn.alpinelinux.org/alpine/edge/testing',
      'https://other.example/alpine/v3.20/main',
    ];
    expect(await read(text.join('\n'))).toEqual(['v3.20/main', 'v3.20/community']);
  });

  test.each([
    ['https://mirror.example/alpine/../main', 'none of Alpine'],
    ['/srv/packages', 'none of Alpine'],
    ['# nothing', 'names no repository'],
  ])('are refused in %j', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining(message),
    });
  });

  test('are shown without their passwords', async () => {
    await expect(read('https://me:secret@mirror.example/private')).rejects.toMatchObject({
      message: expect.not.stringContaining('secret'),
    });
  });

  test('have to be named somewhere', async () => {
    await expect(rootfsRepositories([], 'some.tar.gz')).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: 'some.tar.gz names no repository in /etc/apk/repositories.',
    });
  });
});
