import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildDeb, type TestPackage } from './deb.ts';
import { temporaryFolder } from './folder.ts';
import { clearSign, newKey, type SignatureFaults, type TestKey } from './openpgp-key.ts';

export type { TestPackage } from './deb.ts';

/** A source package: the upstream archive that the Sources index names. */
export interface TestSource {
  readonly name: string;
  readonly version: string;
  readonly archive: { readonly name: string; readonly bytes: Uint8Array };
}

/** What is wrong with an archive. */
export interface Faults extends SignatureFaults {
  /** Signed by a key that nobody trusts. */
  readonly stranger?: boolean;
  /** No signature at all: InRelease is a bare Release file. */
  readonly unsigned?: boolean;
  /** Changed after signing. */
  readonly tampered?: boolean;
  /** Text before or after the clear-signed block. */
  readonly before?: string;
  readonly after?: string;
  /** The compressed index is other than the signed one says. */
  readonly wrongIndex?: boolean;
  /** Every .deb is other than the index says, though as long. */
  readonly wrongDebs?: boolean;
  /** Names in the Release file. */
  readonly codename?: string;
  /** Changes the text of the Release file before it is signed. */
  readonly release?: (text: string) => string;
  /** Changes the text of the Packages index before it is hashed. */
  readonly packages?: (text: string) => string;
}

export interface ArchiveRequest {
  readonly packages: readonly TestPackage[];
  readonly sources?: readonly TestSource[];
  readonly suite?: string;
  readonly component?: string;
  readonly architecture?: string;
  /** Packages of further architectures. */
  readonly foreign?: Readonly<Record<string, readonly TestPackage[]>>;
  /** `Date` of the Release file and of the signature; an hour ago when left out. */
  readonly date?: Date;
  readonly validUntil?: Date;
  readonly byHash?: boolean;
  /** Which forms of the indexes there are; the plain one is always listed, and there if named. */
  readonly forms?: readonly ('xz' | 'gz' | 'plain')[];
  readonly faults?: Faults;
  /** The key that signs; a new one when left out. */
  readonly key?: TestKey;
  /** An archive to add this suite to, or to publish it anew in. */
  readonly into?: TestArchive;
}

/** A Debian archive on disk: what a mirror holds. */
export interface TestArchive {
  readonly folder: string;
  /** The folder as a file URL. */
  readonly url: string;
  /** Public key that its InRelease files are signed with, armored. */
  readonly keyFile: string;
  readonly fingerprint: string;
  readonly key: TestKey;
  /** Serves the folder on loopback; returns the mirror root. Paths asked for go to `requests`. */
  serve(): Promise<string>;
  readonly requests: string[];
  close(): Promise<void>;
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const hour = 3_600_000;

/** Builds a signed archive of one suite. */
export async function buildArchive(request: ArchiveRequest): Promise<TestArchive> {
  const archive = request.into ?? (await emptyArchive(request.key));
  const { suite = 'trixie', component = 'main', architecture = 'amd64', faults = {} } = request;
  const put = async (path: string, bytes: Uint8Array | string) => {
    const file = join(archive.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  };
  const stanzas = await Promise.all(request.packages.map((each) => addPackage(each, put, faults)));
  const sources = await Promise.all((request.sources ?? []).map((each) => addSource(each, put)));
  const text = stanzas.join('\n');
  const indexes = [
    [`${component}/binary-${architecture}/Packages`, faults.packages?.(text) ?? text],
    ...(sources.length > 0 ? [[`${component}/source/Sources`, sources.join('\n')]] : []),
  ] as const;
  const sums: string[] = [];
  for (const [arch, packages] of Object.entries(request.foreign ?? {})) {
    const own = packages.map((each) => addPackage({ ...each, architecture: arch }, put, faults));
    const content = (await Promise.all(own)).join('\n');
    sums.push(...(await addIndex(`${component}/binary-${arch}/Packages`, content, request, put)));
  }
  for (const [path, content] of indexes) {
    sums.push(...(await addIndex(path!, content!, request, put)));
  }
  await put(`dists/${suite}/InRelease`, await inRelease(request, sums, archive.key));
  return archive;
}

async function emptyArchive(given?: TestKey): Promise<TestArchive> {
  const folder = temporaryFolder();
  const key = given ?? (await newKey());
  const keyFile = join(folder, 'key.asc');
  await writeFile(keyFile, key.publicKey);
  const closers: (() => Promise<void>)[] = [];
  const requests: string[] = [];
  return {
    folder,
    url: pathToFileURL(folder).href,
    keyFile,
    fingerprint: key.fingerprint,
    key,
    requests,
    serve: async () => {
      const { url, close } = await serveFolder(folder, requests);
      closers.push(close);
      return url;
    },
    close: async () => {
      await Promise.all(closers.map((close) => close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Put = (path: string, bytes: Uint8Array | string) => Promise<void>;

async function addPackage(each: TestPackage, put: Put, faults: Faults): Promise<string> {
  const { bytes, control, filename } = buildDeb(each);
  const path = `pool/main/${each.name[0]}/${each.name}/${filename}`;
  const served = faults.wrongDebs ? Buffer.from(bytes).fill(0, bytes.length - 8) : bytes;
  await put(path, served);
  return `${control}Filename: ${path}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`;
}

async function addSource({ name, version, archive }: TestSource, put: Put): Promise<string> {
  const folder = `pool/main/${name[0]}/${name}`;
  await put(`${folder}/${archive.name}`, archive.bytes);
  const sum = `${sha256(archive.bytes)} ${archive.bytes.length} ${archive.name}`;
  const other = `${'0'.repeat(64)} 10 ${name}_${version}.debian.tar.xz`;
  return `Package: ${name}\nVersion: ${version}\nDirectory: ${folder}\nChecksums-Sha256:\n ${other}\n ${sum}\n`;
}

const compressors = {
  xz: (bytes: Buffer) => execFileSync('xz', ['-c'], { input: bytes }),
  gz: (bytes: Buffer) => gzipSync(bytes),
  plain: (bytes: Buffer) => bytes,
};
const suffixes = { xz: '.xz', gz: '.gz', plain: '' };

async function addIndex(
  path: string,
  content: string,
  { suite = 'trixie', byHash = true, forms = ['gz'], faults }: ArchiveRequest,
  put: Put,
): Promise<string[]> {
  const plain = Buffer.from(content);
  const line = (bytes: Buffer, name: string) => ` ${sha256(bytes)} ${bytes.length} ${name}`;
  const lines = [line(plain, path)];
  for (const form of forms) {
    const name = path + suffixes[form];
    const bytes = compressors[form](plain);
    const served = faults?.wrongIndex ? Buffer.alloc(bytes.length) : bytes;
    await put(`dists/${suite}/${name}`, served);
    if (byHash)
      await put(`dists/${suite}/${dirname(name)}/by-hash/SHA256/${sha256(bytes)}`, served);
    if (form !== 'plain') lines.push(line(bytes, name));
  }
  return lines;
}

async function inRelease(
  request: ArchiveRequest,
  sums: readonly string[],
  key: TestKey,
): Promise<string> {
  const { suite = 'trixie', component = 'main', architecture = 'amd64', faults = {} } = request;
  const date = request.date ?? new Date(Date.now() - hour);
  const text = [
    'Origin: Debian',
    'Suite: stable',
    `Codename: ${faults.codename ?? suite}`,
    `Date: ${date.toUTCString().replace('GMT', 'UTC')}`,
    ...(request.validUntil
      ? [`Valid-Until: ${request.validUntil.toUTCString().replace('GMT', 'UTC')}`]
      : []),
    ...(request.byHash === false ? [] : ['Acquire-By-Hash: yes']),
    `Architectures: ${architecture}`,
    `Components: ${component}`,
    'SHA256:',
    ...sums,
    '',
  ].join('\n');
  const changed = faults.release?.(text) ?? text;
  if (faults.unsigned) return changed;
  const signer = faults.stranger ? await newKey() : key;
  const signed = await clearSign(changed, signer, { created: date, ...faults });
  const shipped = faults.tampered ? signed.replace('Origin: Debian', 'Origin: Dubious') : signed;
  return `${faults.before ?? ''}${shipped}${faults.after ?? ''}`;
}

async function serveFolder(folder: string, requests: string[]) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    requests.push(path);
    const file = join(folder, normalize(path));
    const size = await stat(file).then(
      (found) => (found.isFile() ? found.size : -1),
      () => -1,
    );
    if (size < 0) return response.writeHead(404).end('not found');
    response.writeHead(200, { 'content-length': size });
    return createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
