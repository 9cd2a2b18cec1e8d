import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseChallenge } from '../../../src/registry/login/challenge.ts';

const realm = 'https://auth.example/token';

test.each([
  ['Basic realm="x"', { scheme: 'basic' }],
  ['basic realm=x, charset="UTF-8"', { scheme: 'basic' }],
  [
    `Bearer realm="${realm}",service="r",scope="repository:a:pull"`,
    { scheme: 'bearer', realm, service: 'r', scope: 'repository:a:pull' },
  ],
  [`Bearer service="a, b" , realm="${realm}"`, { scheme: 'bearer', realm, service: 'a, b' }],
  [`Basic realm="x", Bearer realm="${realm}"`, { scheme: 'bearer', realm }],
  [`Negotiate, Bearer realm="${realm}"`, { scheme: 'bearer', realm }],
  [`Bearer realm="a\\"b"`, { scheme: 'bearer', realm: 'a"b' }],
])('%s', (header, expected) => {
  expect(parseChallenge(header)).toMatchObject(expected);
});

test.each(['', 'Negotiate', 'Bearer service="no realm"', `Bearer realm="${'a'.repeat(5000)}"`])(
  'there is nothing to answer in %j',
  (header) => {
    expect(parseChallenge(header)).toBeUndefined();
  },
);

test('any header is read to its end', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'Basicre lm="\\,;x ') }), (header) => {
      parseChallenge(header);
    }),
  );
});
