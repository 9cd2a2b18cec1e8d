import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src/base/events.ts';
import type { Download } from '../../../src/store/blobs/download-blob.ts';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import type { Faults } from '../../support/http-server.ts';
import {
  filesIn,
  patternBytes,
  quickLimits,
  recordingIo,
  serving,
  sha256Of,
} from '../../support/store.ts';

const bytes = patternBytes(300_000);
const sha256 = sha256Of(bytes);
const size = bytes.length;
const online = { offline: false };

/** A server with one file and the given faults, an empty store, and the download of that file. */
async function setUp(faults: Faults = {}, limits = quickLimits) {
  const server = await serving(new Map([['/pool/thing.deb', bytes]]), faults);
  const folder = temporaryFolder();
  const store = await openStore(folder, limits);
  const { io, events } = recordingIo();
  const url = `${server.url}/pool/thing.deb`;
  const fetch = (download: Partial<Download> = {}) =>
    store.fetch([{ urls: [url], sha256, size, ...download }], online, io);
  return { server, folder, store, io, events, url, fetch };
}

const stored = [`blobs/sha256/${sha256}`];
const ranges = (requests: readonly { headers: { range?: string } }[]) =>
  requests.map(({ headers }) => headers.range);
const logs = (events: readonly Event[]) => events.filter(({ type }) => type === 'log');

describe('a download', () => {
  test('ends in the store, and is not made again', async () => {
    const { fetch, folder, server } = await setUp();
    expect(await fetch()).toEqual([{ sha256, size }]);
    expect(await fetch()).toEqual([{ sha256, size }]);
    expect(await filesIn(folder)).toEqual(stored);
    expect(server.requests).toHaveLength(1);
  });

  test('of a file URL is a copy of a regular file', async () => {
    const { fetch, folder } = await setUp();
    const file = join(temporaryFolder(), 'a b%20c');
    await writeFile(file, bytes);
    expect(await fetch({ urls: [pathToFileURL(file).href] })).toEqual([{ sha256, size }]);
    expect(await filesIn(folder)).toEqual(stored);
  });

  test.each(['file:///dev/zero', 'file:///nowhere/at/all', 'file://host/path', 'ftp://host/path'])(
    'of %s is refused',
    async (url) => {
      const { fetch, folder } = await setUp();
      await expect(fetch({ urls: [url] })).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
      expect(await filesIn(folder)).toEqual([]);
    },
  );

  test('whose stored blob was damaged is made again', async () => {
    const { fetch, folder, events } = await setUp();
    await fetch();
    const path = join(folder, 'blobs/sha256', sha256);
    const damaged = Buffer.from(bytes);
    damaged[77]! ^= 4;
    await writeFile(path, damaged);
    await fetch();
    expect(bytes.equals(await readFile(path))).toBe(true);
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning' }));
  });

  test('of one blob that is asked for twice is made once', async () => {
    const { store, url, server, io } = await setUp();
    const download = { urls: [url], sha256, size };
    expect(await store.fetch([download, download], online, io)).toHaveLength(2);
    expect(server.requests).toHaveLength(1);
  });

  test('contradicts itself when the stored bytes have another size', async () => {
    const { fetch } = await setUp();
    await fetch();
    await expect(fetch({ size: size + 1 })).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
  });
});

describe('a connection that is cut', () => {
  test('is resumed where it was cut, on the condition that nothing has changed', async () => {
    const { fetch, folder, server, events } = await setUp({ cutAfter: 40_000, cuts: 1 });
    await fetch();
    expect(ranges(server.requests)).toEqual([undefined, 'bytes=40000-']);
    expect(server.requests[1]?.headers['if-range']).toMatch(/^"/);
    expect(await filesIn(folder)).toEqual(stored);
    expect(logs(events)).toHaveLength(1);
  });

  test('again and again is resumed as often as it takes', async () => {
    const { fetch, server } = await setUp(
      { cutAfter: 20_000 },
      { ...quickLimits, worthwhileBytes: 10_000 },
    );
    await fetch();
    expect(server.requests).toHaveLength(15);
  });

  test('by a server without ranges is begun anew', async () => {
    const { fetch, folder, server } = await setUp({ cutAfter: 40_000, cuts: 2, noRange: true });
    await fetch();
    expect(server.requests).toHaveLength(3);
    expect(await filesIn(folder)).toEqual(stored);
  });

  test('always by a server without ranges ends the attempts, and nothing is stored', async () => {
    const { fetch, folder, server } = await setUp({ cutAfter: 40_000, noRange: true });
    await expect(fetch()).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('the connection was cut'),
      hint: expect.stringContaining('--mirror'),
    });
    expect(server.requests).toHaveLength(1 + quickLimits.retries);
    expect((await filesIn(folder)).filter((path) => !path.startsWith('partial'))).toEqual([]);
  });

  test('is resumed by the next run', async () => {
    const { fetch, folder, server } = await setUp(
      { cutAfter: 10_000 },
      { ...quickLimits, retries: 0 },
    );
    await expect(fetch()).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    delete server.faults.cutAfter;
    await fetch();
    expect(ranges(server.requests)).toEqual([undefined, 'bytes=10000-']);
    expect(await filesIn(folder)).toEqual(stored);
  });

  test('and whose beginning another run damaged is begun anew', async () => {
    const { fetch, folder, server } = await setUp();
    await writeFile(join(folder, 'partial', sha256), patternBytes(5000, 'other'));
    await fetch();
    expect(ranges(server.requests)).toEqual(['bytes=5000-', undefined]);
    expect(await filesIn(folder)).toEqual(stored);
  });

  test('while a changed file is behind each request is begun anew', async () => {
    const { fetch, folder, server } = await setUp({ cutAfter: 1000, cuts: 1, changingTag: true });
    await fetch();
    expect(ranges(server.requests)).toEqual([undefined, 'bytes=1000-', undefined]);
    expect(await filesIn(folder)).toEqual(stored);
  });

  test('and whose content changed in between is begun anew', async () => {
    const files = new Map([['/f', patternBytes(300_000, 'old')]]);
    const server = await serving(files, { cutAfter: 1000, cuts: 1 });
    const store = await openStore(temporaryFolder(), quickLimits);
    const { io } = recordingIo();
    const emit: typeof io.emit = ({ type }) => {
      if (type === 'log') files.set('/f', bytes);
    };
    await store.fetch([{ urls: [`${server.url}/f`], sha256, size }], online, { ...io, emit });
    expect(ranges(server.requests)).toEqual([undefined, 'bytes=1000-']);
  });

  test('without a Content-Length is noticed by the hash, and never stored', async () => {
    const { fetch, folder } = await setUp({ cutAfter: 1000, noLength: true, noRange: true });
    const beginning = sha256Of(bytes.subarray(0, 1000));
    for (const download of [{}, { size: undefined as never }]) {
      await expect(fetch(download)).rejects.toMatchObject({
        code: 'SOURCE_CORRUPT',
        message: expect.stringContaining(`${beginning}, 1000 bytes`),
      });
      expect((await filesIn(folder)).filter((path) => path.startsWith('blobs'))).toEqual([]);
    }
  });

  test('without a Content-Length is resumed where the size is known', async () => {
    const { fetch, server } = await setUp({ cutAfter: 1000, cuts: 1, noLength: true });
    await fetch();
    expect(ranges(server.requests)).toEqual([undefined, 'bytes=1000-']);
  });
});

describe('a server', () => {
  test('that sends other bytes is refused with what was expected, what came and from where', async () => {
    const { fetch, folder, url, server } = await setUp();
    const other = sha256Of('other');
    const failure = await fetch({ sha256: other }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SOURCE_CORRUPT' });
    for (const part of [other, sha256, url, `${size} bytes`]) {
      expect((failure as Error).message).toContain(part);
    }
    expect(server.requests).toHaveLength(1);
    expect(await filesIn(folder)).toEqual([]);
  });

  test('that answers with a login page is recognised as a captive portal', async () => {
    const { fetch, folder } = await setUp({ portal: true });
    await expect(fetch()).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('text/html'),
      hint: expect.stringContaining('captive portal'),
    });
    expect(await filesIn(folder)).toEqual([]);
  });

  test('that redirects for ever is left', async () => {
    const { fetch, server } = await setUp({ redirectLoop: true });
    await expect(fetch()).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('more than 5 redirects'),
    });
    expect(server.requests).toHaveLength(6);
  });

  test.each([{}, { size: undefined as never, maxBytes: 200_000 }])(
    'that sends without end is cut off (%j)',
    async (download) => {
      const { fetch, folder } = await setUp({ endless: true });
      await expect(fetch(download)).rejects.toMatchObject({
        code: 'SOURCE_CORRUPT',
        message: expect.stringContaining('larger than'),
      });
      expect((await filesIn(folder)).filter((path) => path.startsWith('blobs'))).toEqual([]);
    },
  );

  test('that announces more than there may be is not even read', async () => {
    const { fetch } = await setUp();
    await expect(fetch({ size: 5 })).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('larger than the 5 bytes'),
    });
  });

  test('that stalls is left', async () => {
    const { fetch } = await setUp({ stall: true }, { ...quickLimits, retries: 1, idle: 300 });
    await expect(fetch()).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('nothing came for 0.3 seconds'),
    });
  });

  test('that trickles is left', async () => {
    const demand = { slowStretch: 200, slowestBytesPerSecond: 10_000 };
    const impatient = { ...quickLimits, retries: 1, ...demand };
    const { fetch } = await setUp({ bytesPerSecond: 500 }, impatient);
    await expect(fetch()).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('less than 10000 bytes a second'),
    });
  });

  test('that is overloaded for a moment is asked again', async () => {
    const { fetch, server } = await setUp({ status: 503, statuses: 2 });
    await fetch();
    expect(server.requests).toHaveLength(3);
  });

  test('that does not have it is asked once', async () => {
    const { fetch, server, url } = await setUp({ status: 404 });
    await expect(fetch()).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: `Could not fetch ${url}: the server answers 404 (not there).`,
    });
    expect(server.requests).toHaveLength(1);
  });

  test.each([404, 410])(
    'that answers %i is told by its URL, with what helps: a new lock, or a correction of the recipe that names it',
    async (status) => {
      const { fetch, url } = await setUp({ status });
      const locked = { message: expect.stringContaining(`${url}: the server answers ${status}`) };
      await expect(fetch()).rejects.toMatchObject({
        ...{ ...locked, hint: expect.stringContaining('`mkbase update`') },
      });
      await expect(fetch({ byRecipe: true })).rejects.toMatchObject({
        ...{ ...locked, hint: expect.stringMatching(/^Correct the URL in the recipe(?!.*update)/) },
      });
    },
  );

  test('that refuses connections is left for the next one', async () => {
    const { fetch, url } = await setUp();
    const gone = await serving(new Map());
    await gone.close();
    expect(await fetch({ urls: [`${gone.url}/x`, url] })).toEqual([{ sha256, size }]);
  });

  test('that fails like all the others is named with its own reason', async () => {
    const wrong = await setUp({ portal: true });
    const { fetch, url } = await setUp({ status: 403 });
    await expect(fetch({ urls: [url, wrong.url] })).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringMatching(/403 \(not allowed\)[\s\S]*not what was expected/),
    });
  });

  test('that was cut off is followed by another that goes on from there', async () => {
    const first = await setUp({ cutAfter: 1000 }, { ...quickLimits, retries: 0 });
    const second = await serving(new Map([['/f', bytes]]));
    await first.fetch({ urls: [first.url, `${second.url}/f`] });
    expect(second.requests[0]?.headers).toMatchObject({ range: 'bytes=1000-' });
    expect(second.requests[0]?.headers['if-range']).toBeUndefined();
  });
});

describe('a user part of a URL', () => {
  test('is sent to its own origin only, and is in no message', async () => {
    const other = await setUp();
    const server = await serving((request, response) => {
      const location = request.url === '/away' ? other.url : undefined;
      response.writeHead(location ? 302 : 401, location ? { location } : {}).end();
    });
    const { fetch, events } = other;
    const secret = (path: string) => `${server.url.replace('//', '//user:s%C3%A9cret@')}${path}`;
    await fetch({ urls: [secret('/away')] });
    const expected = `Basic ${Buffer.from('user:sécret').toString('base64')}`;
    expect(server.requests[0]?.headers.authorization).toBe(expected);
    expect(other.server.requests[0]?.headers.authorization).toBeUndefined();
    const failure = await fetch({ urls: [secret('/x')], sha256: sha256Of('x') }).catch(String);
    expect(failure).toContain('401');
    expect(`${failure}${JSON.stringify(events)}`).not.toMatch(/cret|user/);
  });
});

describe('offline', () => {
  test('what is stored or local is enough', async () => {
    const { store, fetch, io } = await setUp();
    await fetch();
    const folder = temporaryFolder();
    await mkdir(join(folder, 'pool'));
    await writeFile(join(folder, 'pool', 'other'), 'other');
    const local = pathToFileURL(join(folder, 'pool', 'other')).href;
    const unused = 'http://127.0.0.1:9/never';
    const blobs = await store.fetch(
      [
        { urls: [unused], sha256, size },
        { urls: [unused, local], sha256: sha256Of('other') },
      ],
      { offline: true },
      io,
    );
    expect(blobs).toHaveLength(2);
  });

  test('all that is missing is named, and no request is made', async () => {
    const { store, server, io } = await setUp();
    const urls = (name: string) => [server.url.replace('//', '//user:secret@') + name];
    const downloads = ['a.deb', 'b.deb'].map((name) => ({
      urls: urls(`/pool/${name}`),
      sha256: sha256Of(name),
    }));
    const failure = await store.fetch(downloads, { offline: true }, io).catch((error) => error);
    expect(failure).toMatchObject({ code: 'OFFLINE', hint: expect.stringContaining('--offline') });
    expect(failure.message).toContain(`a.deb (${server.url}/pool/a.deb)`);
    expect(failure.message).toContain('b.deb');
    expect(failure.message).not.toContain('secret');
    expect(server.requests).toHaveLength(0);
  });
});

describe('several downloads', () => {
  const many = Array.from({ length: 30 }, (_, index) => patternBytes(50_000, `file ${index}`));
  const files = new Map(many.map((each, index) => [`/${index}`, each]));

  test('come in the order asked for, eight at a time at the most', async () => {
    let most = 0;
    let answered = 0;
    const waiting: (() => void)[] = [];
    // Answers are held back until all that may be under way at once are, and then for a ninth.
    const server = await serving((request, response) => {
      waiting.push(() => response.end(files.get(request.url ?? '')));
      most = Math.max(most, waiting.length);
      if (waiting.length < Math.min(8, many.length - answered)) return;
      setTimeout(() => {
        answered += waiting.length;
        for (const release of waiting.splice(0)) release();
      }, 20);
    });
    const store = await openStore(temporaryFolder(), quickLimits);
    const wanted = many.map((each, index) => ({
      urls: [`${server.url}/${index}`],
      sha256: sha256Of(each),
    }));
    const blobs = await store.fetch(wanted, online, recordingIo().io);
    expect(blobs.map((blob) => blob.sha256)).toEqual(wanted.map((each) => each.sha256));
    expect(most).toBe(8);
  });

  test('add up to one progress that ends at the total', async () => {
    const server = await serving(files);
    const store = await openStore(temporaryFolder(), quickLimits);
    const { io, events } = recordingIo();
    const wanted = many.map((each, index) => ({
      urls: [`${server.url}/${index}`],
      sha256: sha256Of(each),
      size: each.length,
    }));
    await store.fetch(wanted, online, io);
    expect(events[0]).toMatchObject({ type: 'progress', stage: 'fetch', item: expect.anything() });
    expect(events.at(-1)).toEqual({
      type: 'progress',
      stage: 'fetch',
      done: 1_500_000,
      total: 1_500_000,
    });
    const again = recordingIo();
    await store.fetch(wanted, online, again.io);
    expect(again.events).toEqual([]);
  });

  test('come whole from a server that closes the connection behind each answer', async () => {
    const large = Array.from({ length: 20 }, (_, index) => patternBytes(1_000_000, `${index}`));
    const served = new Map(large.map((each, index) => [`/${index}`, each]));
    const server = await serving(served, { noLength: true });
    const store = await openStore(temporaryFolder(), quickLimits);
    const wanted = large.map((each, index) => ({
      urls: [`${server.url}/${index}`],
      sha256: sha256Of(each),
    }));
    expect(await store.fetch(wanted, online, recordingIo().io)).toHaveLength(20);
    expect(server.requests).toHaveLength(20);
  });

  test('are stopped by the first that fails, and leave no temporary file', async () => {
    const server = await serving(files, { bytesPerSecond: 100_000 });
    const folder = temporaryFolder();
    const store = await openStore(folder, quickLimits);
    const wanted = many.map((each, index) => ({
      urls: [`${server.url}/${index === 3 ? 'missing' : index}`],
      sha256: sha256Of(each),
    }));
    await expect(store.fetch(wanted, online, recordingIo().io)).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('missing'),
    });
    expect((await filesIn(folder)).filter((path) => !path.startsWith('partial'))).toEqual([]);
    expect(server.requests.length).toBeLessThan(10);
  });

  test('stop at once when the run is interrupted, and leave only what can be resumed', async () => {
    const server = await serving(files, { bytesPerSecond: 20_000 });
    const folder = temporaryFolder();
    const store = await openStore(folder, quickLimits);
    const controller = new AbortController();
    const { io } = recordingIo(controller.signal);
    const emit: typeof io.emit = ({ type }) => {
      if (type === 'progress') controller.abort();
    };
    const wanted = many.map((each, index) => ({
      urls: [`${server.url}/${index}`],
      sha256: sha256Of(each),
    }));
    await expect(store.fetch(wanted, online, { ...io, emit })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect((await filesIn(folder)).filter((path) => !path.startsWith('partial'))).toEqual([]);
    await expect(store.fetch(wanted, online, io)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
