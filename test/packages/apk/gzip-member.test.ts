import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gzipMember } from '../../../src/packages/apk/gzip-member.ts';

const what = 'some.apk';
const limits = { maxBytes: 1_000_000, what };

const refusal = (message: string) =>
  expect.objectContaining({ code: 'ARCHIVE_REFUSED', message: expect.stringContaining(message) });

describe('a member of a gzip file', () => {
  test('is read out of several, and what follows it is told apart', () => {
    const bytes = fc.uint8Array({ maxLength: 5000 });
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 4 }), bytes, (parts, tail) => {
        const members = parts.map((part) => gzipSync(part));
        const file = Buffer.concat([...members, tail]);
        let at = 0;
        for (const [number, part] of parts.entries()) {
          const { content, end } = gzipMember(file, at, limits);
          expect(content.equals(part)).toBe(true);
          expect(end).toBe(at + members[number]!.length);
          at = end;
        }
      }),
    );
  });

  test('may bring a name, as gzip(1) writes it', () => {
    const named = execFileSync('sh', [
      '-c',
      'cd /tmp && f=$(mktemp) && echo hi >$f && gzip -c $f && rm $f',
    ]);
    const file = Buffer.concat([named, gzipSync('more')]);
    expect(gzipMember(file, 0, limits)).toEqual({
      content: Buffer.from('hi\n'),
      end: named.length,
    });
  });

  test('may bring extra fields, a comment and a checksum of its header', () => {
    const plain = gzipSync('content');
    const extra = Buffer.from([3, 0, 1, 2, 3]);
    const header = Buffer.concat([
      plain.subarray(0, 3),
      Buffer.from([4 | 16]),
      plain.subarray(4, 10),
      extra,
      Buffer.from('a comment\0'),
    ]);
    const file = Buffer.concat([header, plain.subarray(10)]);
    expect(gzipMember(file, 0, limits).content.toString()).toBe('content');
  });

  test('is refused wherever it is cut', () => {
    const whole = gzipSync('some content, which is cut');
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => gzipMember(whole.subarray(0, length), 0, limits)).toThrow(
        refusal('no whole gzip member'),
      );
    }
  });

  test('is refused with any bit of its trailer changed', () => {
    const whole = gzipSync('some content');
    for (let at = whole.length - 8; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      expect(() => gzipMember(changed, 0, limits)).toThrow(refusal('no whole gzip member'));
    }
  });

  test('is refused when it unpacks to more than is allowed', () => {
    const bomb = gzipSync(Buffer.alloc(2_000_000));
    expect(() => gzipMember(bomb, 0, limits)).toThrow(refusal(what));
  });

  test.each([
    ['zlib', Buffer.from('789c030000000001', 'hex')],
    ['nothing', Buffer.of()],
    ['text', Buffer.from('<!doctype html>')],
    ['reserved flags', Buffer.from('1f8b08e000000000000003', 'hex')],
  ])('is refused when it is %s', (_, bytes) => {
    expect(() => gzipMember(bytes, 0, limits)).toThrow(refusal('no whole gzip member'));
  });
});
