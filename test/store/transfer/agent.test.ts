import { describe, expect, test } from 'vitest';
import { openAgent } from '../../../src/store/transfer/agent.ts';

describe('a proxy setting', () => {
  test('may leave the scheme out', async () => {
    await (await openAgent({ http_proxy: 'proxy.example:3128' })).close();
  });

  test('that is no URL is refused without showing it', async () => {
    const failure = await openAgent({ HTTPS_PROXY: 'http://user:secret@[' }).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({ code: 'USAGE' });
    expect(failure.message).toContain('https_proxy');
    expect(failure.message).not.toContain('secret');
  });
});
