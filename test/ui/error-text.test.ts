import { describe, expect, test } from 'vitest';
import { ioError, MkbaseError } from '../../src/base/errors.ts';
import { asMkbaseError, errorText } from '../../src/ui/error-text.ts';
import { createPalette } from '../../src/ui/screen.ts';

const shown = (error: unknown, debug = false) =>
  errorText(error, { palette: createPalette(false), columns: 80, debug });

describe('an error', () => {
  test('shows message, hint and code', async () => {
    const error = new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message:
        'gcc-14_14.2.0-19_amd64.deb from http://mirror.example/debian is not what the signed index names.\n  expected sha256 aaaa\n  found    sha256 bbbb',
      hint: 'Another mirror may hold the right bytes: name one with --mirror, and run the same command again.',
    });
    await expect(shown(error)).toMatchFileSnapshot('../golden/ui/error-source-corrupt.txt');
  });

  test('in a recipe keeps the lines and marks that were made for it', () => {
    const message = 'recipe.yaml:3:5: there is no field "packges"\n\n    packges: [a]\n    ^^^^^^^';
    expect(shown(new MkbaseError({ code: 'RECIPE_INVALID', message }))).toBe(
      `error: ${message}\ncode: RECIPE_INVALID\n`,
    );
  });

  test('shows a cause only where the message does not repeat it', () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:80');
    const told = new MkbaseError({
      code: 'SOURCE_UNREACHABLE',
      message: `no: ${cause.message}`,
      cause,
    });
    const untold = new MkbaseError({ code: 'SOURCE_UNREACHABLE', message: 'no mirror', cause });
    expect(shown(told)).not.toContain('cause:');
    expect(shown(untold)).toContain('cause: connect ECONNREFUSED 127.0.0.1:80\n');
  });

  test('from a full disk names the path once', () => {
    const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
    });
    expect(shown(ioError(cause, 'writing', '/cache/blob'))).toContain('/cache/blob');
  });

  test('that nobody made on purpose is called a defect, without a stack', () => {
    const text = shown(new TypeError("Cannot read properties of undefined (reading 'x')"));
    expect(text).toMatch(/^error: This is a defect in mkbase: TypeError: Cannot read properties/);
    expect(text).toContain('MKBASE_DEBUG=1');
    expect(text).toContain('code: INTERNAL');
    expect(text).not.toContain('    at ');
  });

  test('shows its stack to whoever asks for it', () => {
    expect(shown(new TypeError('x'), true)).toContain('    at ');
  });

  test('cannot bring control sequences of others to the terminal', () => {
    const message = 'name "\u001b[2Jowned"';
    expect(shown(new MkbaseError({ code: 'USAGE', message }))).toContain('error: name "owned"\n');
  });

  test('thrown as something other than an error is shown all the same', () => {
    expect(asMkbaseError('boom').message).toBe('This is a defect in mkbase: string: boom');
  });
});
