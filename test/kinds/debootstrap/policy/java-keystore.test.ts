import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settleKeystore } from '../../../../src/kinds/debootstrap/policy/java-keystore.ts';

interface Certificate {
  readonly name: string;
  readonly time: number;
  readonly bytes: Uint8Array;
}

const short = (text: string) => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

function entryOf({ name, time, bytes }: Certificate, kind = 2): Buffer {
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(time));
  const content = [short('X.509'), number(bytes.length), bytes];
  return Buffer.concat([number(kind), short(name), stamp, ...content]);
}

/** Makes a keystore as `keytool -importcert` does. */
function keystore(certificates: readonly Certificate[], password = 'changeit', kind = 2): string {
  const entries = certificates.map((each) => entryOf(each, kind));
  const content = Buffer.concat([
    ...[number(0xfeedfeed), number(2), number(entries.length)],
    ...entries,
  ]);
  const digest = createHash('sha1')
    .update(Buffer.from([...password].flatMap((char) => [0, char.charCodeAt(0)])))
    .update('Mighty Aphrodite')
    .update(content)
    .digest();
  return Buffer.concat([content, digest]).toString('latin1');
}

const certificates = fc.array(
  fc.record({
    name: fc.string({ maxLength: 20 }),
    time: fc.nat({ max: 4e12 }),
    bytes: fc.uint8Array({ maxLength: 40 }),
  }),
);

test('every certificate gets the time of the epoch, and nothing else is another', () => {
  fc.assert(
    fc.property(certificates, fc.nat(), (made, epoch) => {
      const expected = keystore(made.map((each) => ({ ...each, time: epoch * 1000 })));
      expect(settleKeystore(keystore(made), epoch)).toBe(expected);
      expect(settleKeystore(expected, epoch)).toBe(expected);
    }),
  );
});

const one = [{ name: 'a', time: 5, bytes: Buffer.from('certificate') }];

test.each([
  ['is empty', ''],
  ['is no keystore', 'x'.repeat(100)],
  ['has another password', keystore(one, 'secret')],
  ['holds a private key', keystore(one, 'changeit', 1)],
  ['has a byte more', `${keystore(one)}x`],
  ['is cut', keystore(one).slice(0, -1)],
])('a file that %s is left as it is', (_, text) => {
  expect(settleKeystore(text, 7)).toBe(text);
});

test('no damage of a keystore ends in an error', () => {
  const whole = Buffer.from(keystore(one), 'latin1');
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, size) => {
      const damaged = Buffer.from(whole);
      damaged[at] = byte;
      const text = damaged.subarray(0, size).toString('latin1');
      expect(settleKeystore(text, 7)).toHaveLength(text.length);
    }),
  );
});
