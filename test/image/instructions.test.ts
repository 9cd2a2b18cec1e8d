import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toChanges } from '../../src/image/instructions.ts';
import { toImageConfig } from '../../src/image/process-config.ts';
import { dockerInstructions, settingsOf } from '../support/image.ts';

const config = (fields: object) => toImageConfig(settingsOf(fields), 'sample');
const forDocker = (fields: object) => toChanges(config(fields), dockerInstructions, 'escaped');
const forPodman = (fields: object) => toChanges(config(fields), dockerInstructions, 'literal');

const everything = {
  entrypoint: ['/a b'],
  cmd: ['"$HOME"', 'x\ny'],
  env: { A: 'b c', QUOTED: '"$HOME"\\' },
  workdir: '/srv/$x',
  user: 'app',
  expose: ['80', '53/udp'],
  volumes: ['/a b', '/$v'],
  labels: { 'org.x/k': 'v "$v"' },
  stopsignal: 'SIGINT',
  healthcheck: {
    test: ['/x', '--y'],
    interval: '1m',
    timeout: '2s',
    startPeriod: '5ms',
    retries: 2,
  },
};

describe('toChanges', () => {
  test('writes every setting as Dockerfiles quote it', () => {
    expect(forDocker(everything)).toEqual([
      'USER app',
      'EXPOSE 80/tcp',
      'EXPOSE 53/udp',
      'ENTRYPOINT ["/a b"]',
      'CMD ["\\"$HOME\\"","x\\ny"]',
      'VOLUME ["\\"/a b\\"","\\"/\\\\$v\\""]',
      'WORKDIR "/srv/\\$x"',
      'LABEL org.x/k="v \\"\\$v\\""',
      'LABEL io.mkbase.recipe="sample"',
      'STOPSIGNAL SIGINT',
      'HEALTHCHECK --interval=60s --timeout=2s --start-period=5ms --retries=2 CMD ["/x","--y"]',
      'ENV A="b c"',
      'ENV QUOTED="\\"\\$HOME\\"\\\\"',
    ]);
  });

  test('writes a plain path without quotes', () => {
    const plain = forDocker({ workdir: '/srv/data', volumes: ['/srv/data'] });
    expect(plain.slice(0, 2)).toEqual(['VOLUME ["/srv/data"]', 'WORKDIR /srv/data']);
  });

  test('writes values as they are for an engine that only takes off the quotes', () => {
    expect(forPodman(everything)).toEqual(
      expect.arrayContaining([
        'VOLUME ["/a b","/$v"]',
        'WORKDIR /srv/$x',
        'LABEL org.x/k="v "$v""',
        'ENV QUOTED=""$HOME"\\"',
      ]),
    );
  });

  test('writes nothing but the label for empty settings', () => {
    expect(forDocker({})).toEqual(['LABEL io.mkbase.recipe="sample"']);
  });

  test.each(['\n', '\r', 'a\nUSER root'])('refuses the line break in %j for docker', (value) => {
    expect(() => toChanges({ Env: [`A=${value}`] }, dockerInstructions, 'escaped')).toThrow(
      expect.objectContaining({
        code: 'RECIPE_INVALID',
        hint: expect.stringContaining('type=docker'),
      }),
    );
  });

  test("names the instruction that the engine's import does not take", () => {
    const known = new Set([...dockerInstructions].filter((word) => word !== 'HEALTHCHECK'));
    expect(() => toChanges(config({ healthcheck: { test: ['/x'] } }), known, 'literal')).toThrow(
      expect.objectContaining({
        code: 'ENGINE_FAILED',
        message: expect.stringContaining('HEALTHCHECK'),
        hint: expect.stringContaining('--output type=docker'),
      }),
    );
  });

  test('keeps every value on one line', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (args) => {
        const text = forDocker({ cmd: args.filter((arg) => !arg.includes('\0')) }).join('');
        expect(text).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
