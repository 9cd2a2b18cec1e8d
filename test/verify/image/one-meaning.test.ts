import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSide } from '../../../src/diff/side.ts';
import { readImage } from '../../../src/image/read-image.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { mismatchesOf } from '../../../src/verify/report.ts';
import { verify } from '../../../src/verify/verify.ts';
import { temporaryFolder } from '../../support/folder.ts';
import {
  blobEntry,
  type Documents,
  digestOf,
  documentsOf,
  type Forgery,
  forge,
  type Loose,
  membersOf,
} from '../../support/foreign-archive.ts';
import { quietIo } from '../../support/image.ts';
import { makeOutputFolder, sampleEntries } from '../../support/output-folder.ts';
import { archive, endMark, file, hardlink, rawMember, symlink, tarOf } from '../../support/tar.ts';

const signal = new AbortController().signal;
const scratch = temporaryFolder();
const out = join(scratch, 'out');
let good: Documents;
let evil: Documents;

beforeAll(async () => {
  await makeOutputFolder(out);
  const other = join(scratch, 'evil');
  const [first, ...rest] = sampleEntries;
  const entries = [first!, file('etc/evil', 'evil'), ...rest];
  await makeOutputFolder(other, { entries, image: { cmd: ['/evil'] } });
  good = await documentsOf(join(out, 'image.oci.tar'));
  evil = await documentsOf(join(other, 'image.oci.tar'));
});

/** Verifies an archive against the evidence of the good image; returns the places of the mismatches. */
async function verifyBytes(bytes: Uint8Array, name = 'image.tar'): Promise<string[]> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return verifyPath(path);
}

async function verifyPath(path: string): Promise<string[]> {
  const images = [{ path, name: basename(path) }];
  const report = await verify({ subject: path, images, evidence: out }, signal);
  return mismatchesOf(report).map((each) => `${each.file} | ${each.field}`);
}

test('the same image in another form of the same archive still holds', async () => {
  expect(await verifyBytes(await forge(good))).toEqual([]);
  expect(await verifyBytes(await forge(good, { without: ['manifest.json'] }))).toEqual([]);
});

/** The members of the evil image beside the good one: its blobs, and its `manifest.json`. */
const smuggled = () => {
  const members = membersOf(evil);
  return {
    blobs: members.filter(({ path }) => path.startsWith('blobs/')),
    docker: members.find(({ path }) => path === 'manifest.json')!,
    index: members.find(({ path }) => path === 'index.json')!,
  };
};

const textOf = (entry: Entry): string =>
  entry.type === 'file' && 'bytes' in entry.content
    ? Buffer.from(entry.content.bytes).toString()
    : '';

const raw = (name: string, entry: Entry) => rawMember({ name }, textOf(entry));

describe('an archive in which one engine finds the good image and another an evil one', () => {
  const attacks: Record<string, readonly [forgery: () => Forgery, field: string]> = {
    'manifest.json names another image than index.json': [
      () => ({ docker: () => textOf(smuggled().docker), last: smuggled().blobs }),
      'image.tar: manifest.json | [0].Config',
    ],
    'index.json names another image than manifest.json': [
      () => ({ index: () => textOf(smuggled().index), last: smuggled().blobs }),
      'image.tar: manifest.json | [0].Config',
    ],
    'manifest.json names another layer only': [
      () => ({
        docker: ([entry]: Loose) => [{ ...entry, Layers: evil.docker[0].Layers }],
        last: smuggled().blobs,
      }),
      'image.tar: manifest.json | [0].Layers[0]',
    ],
    'manifest.json stands there twice': [
      () => ({ last: [...smuggled().blobs, smuggled().docker] }),
      'image.tar | manifest.json',
    ],
    'manifest.json stands there twice, the evil one first': [
      () => ({ first: [smuggled().docker], last: smuggled().blobs }),
      'image.tar | manifest.json',
    ],
    'index.json stands there twice': [
      () => ({ last: [...smuggled().blobs, smuggled().index] }),
      'image.tar | index.json',
    ],
    'a blob stands there twice': [() => ({ last: [blobEntry(good.layer)] }), 'image.tar | blobs/'],
    'a hard link takes the place of manifest.json': [
      () => ({
        last: [
          ...smuggled().blobs,
          file('x', textOf(smuggled().docker)),
          hardlink('manifest.json', 'x'),
        ],
      }),
      'image.tar | manifest.json',
    ],
    'a symbolic link is manifest.json': [
      () => ({
        without: ['manifest.json'],
        last: [
          ...smuggled().blobs,
          file('x', textOf(smuggled().docker)),
          symlink('manifest.json', 'x'),
        ],
      }),
      'image.tar | manifest.json',
    ],
    'a symbolic link is index.json, where only manifest.json is a file': [
      () => ({ without: ['index.json'], last: [symlink('index.json', 'x')] }),
      'image.tar | index.json',
    ],
    'a blob that nothing names': [
      () => ({ last: [blobEntry('something else')] }),
      'image.tar | blobs/sha256/',
    ],
    'a file that nothing names': [() => ({ last: [file('a/b')] }), 'image.tar | a/b'],
    'its index lists two images': [
      () => ({
        index: (index: Loose) => ({
          ...index,
          manifests: [...index.manifests, ...evil.index.manifests],
        }),
        last: smuggled().blobs,
      }),
      'image.tar: index.json | manifests',
    ],
    'its index names an index': [
      () => {
        const nested = blobEntry(textOf(smuggled().index));
        const mediaType = 'application/vnd.oci.image.index.v1+json';
        const size = textOf(nested).length;
        return {
          index: (index: Loose) => ({
            ...index,
            manifests: [{ mediaType, digest: digestOf(nested), size }],
          }),
          last: [nested, ...smuggled().blobs],
        };
      },
      'image.tar: index.json | manifests[0].mediaType',
    ],
    'names that its two indexes do not share': [
      () => ({ docker: ([entry]: Loose) => [{ ...entry, RepoTags: ['debian:latest'] }] }),
      'image.tar: manifest.json | [0].RepoTags[0]',
    ],
    'a parent': [
      () => ({ docker: ([entry]: Loose) => [{ ...entry, Parent: `sha256:${'0'.repeat(64)}` }] }),
      'image.tar: manifest.json | [0].Parent',
    ],
    'another source for its layer': [
      () => ({
        docker: ([entry]: Loose) => [
          {
            ...entry,
            LayerSources: {
              [good.config.rootfs.diff_ids[0]]: { digest: evil.config.rootfs.diff_ids[0], size: 1 },
            },
          },
        ],
      }),
      'image.tar: manifest.json | [0].LayerSources',
    ],
    'a layer that is to be fetched from elsewhere': [
      () => ({
        manifest: (manifest: Loose) => {
          manifest.layers[0].urls = ['https://example.org/evil.tar'];
        },
      }),
      'image.tar: manifest | layers[0].urls',
    ],
    'a config that its descriptor brings along': [
      () => ({
        manifest: (manifest: Loose) => {
          manifest.config.data = 'e30=';
        },
      }),
      'image.tar: manifest | config.data',
    ],
    'a layer with another table of its files': [
      () => ({
        manifest: (manifest: Loose) => {
          manifest.layers[0].annotations = {
            'io.github.containers.zstd-chunked.manifest-checksum': 'sha256:0',
          };
        },
      }),
      'image.tar: manifest | layers[0].annotations',
    ],
    'a manifest that is an index as well': [
      () => ({ manifest: (manifest: Loose) => ({ ...manifest, manifests: evil.index.manifests }) }),
      'image.tar: manifest | manifests',
    ],
    'a manifest that says it is an index': [
      () => ({
        manifest: (manifest: Loose) => {
          manifest.mediaType = good.index.mediaType;
        },
      }),
      'image.tar: manifest | mediaType',
    ],
    'a config twice in its manifest': [
      () => ({
        manifest: (manifest: Loose) =>
          JSON.stringify(manifest).replace(
            '"config":',
            `"config":${JSON.stringify(evil.manifest.config)},"config":`,
          ),
      }),
      'image.tar: manifest | config',
    ],
    'a config of another case in its manifest': [
      () => ({ manifest: (manifest: Loose) => ({ ...manifest, Config: evil.manifest.config }) }),
      'image.tar: manifest | Config',
    ],
    'a name of another case in manifest.json': [
      () => ({ docker: ([entry]: Loose) => [{ ...entry, config: evil.docker[0].Config }] }),
      'image.tar: manifest.json | [0].config',
    ],
    'settings twice in its config': [
      () => ({
        config: (config: Loose) =>
          JSON.stringify(config).replace(
            '"config":',
            `"config":${JSON.stringify(evil.config.config)},"config":`,
          ),
      }),
      'image.tar: config | config',
    ],
    'settings of another case in its config': [
      () => ({ config: (config: Loose) => ({ ...config, cONFIG: evil.config.config }) }),
      'image.tar: config | cONFIG',
    ],
    'a setting whose letter folds to another': [
      () => ({
        config: (config: Loose) => {
          config.config['\u212amd'] = 1;
          config.config.Vo\u006cumes = undefined;
          config.config['Volume\u017f'] = { '/evil': {} };
        },
      }),
      'image.tar: config | config.Volume\u017f',
    ],
    'half a surrogate pair, which Go reads as another letter': [
      () => ({
        config: (config: Loose) => JSON.stringify(config).replace('/bin/ping', '/bin/ping\\ud800'),
      }),
      'image.tar: config | config.Cmd.0',
    ],
    'repositories for an old Docker with another name': [
      () => ({ last: [file('repositories', '{"debian":{"latest":"0"}}')] }),
      'image.tar: repositories | names[0]',
    ],
    'a description for an old Docker with another command': [
      () => {
        const id = 'a'.repeat(64);
        const text = JSON.stringify({ id, config: { Cmd: ['/evil'] } });
        return { last: [file(`${id}/json`, text), file(`${id}/VERSION`, '1.0')] };
      },
      `image.tar: ${'a'.repeat(64)}/json | config.Cmd[0]`,
    ],
    'a layer for an old Docker': [
      () => ({ last: [file(`${'a'.repeat(64)}/layer.tar`, 'evil')] }),
      `image.tar | ${'a'.repeat(64)}/layer.tar`,
    ],
    'a link to another layer for an old Docker': [
      () => ({ last: [symlink(`${'a'.repeat(64)}/layer.tar`, '../x')] }),
      `image.tar | ${'a'.repeat(64)}/layer.tar`,
    ],
    'a layout of an unknown version': [
      () => ({ without: ['oci-layout'], last: [file('oci-layout', '{"imageLayoutVersion":"9"}')] }),
      'image.tar | oci-layout',
    ],
  };

  test.each(Object.entries(attacks))('%s', async (_, [forgery, field]) => {
    const fields = await verifyBytes(await forge(good, forgery()));
    expect(fields.filter((each) => each.startsWith(field))).not.toEqual([]);
  });

  const layouts = Object.entries(attacks).filter(([name]) => !name.includes('index.json, where'));
  test.each(layouts)('is not run either: %s', async (_, [forgery]) => {
    const path = join(temporaryFolder(), 'image.tar');
    writeFileSync(path, await forge(good, forgery()));
    await expect(readImage(path, quietIo())).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
  });

  test('is not compared either', async () => {
    const path = join(temporaryFolder(), 'image.tar');
    const last = [...smuggled().blobs, smuggled().docker];
    writeFileSync(path, await forge(good, { last }));
    const side = { subject: path, images: [{ path, name: 'image.tar' }] };
    await expect(readSide(side, signal)).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining('manifest.json is a name that stands twice'),
    });
  });

  test('a second spelling of manifest.json', async () => {
    const { docker, blobs } = smuggled();
    for (const name of [
      './manifest.json',
      'manifest.json\0x',
      './/manifest.json',
      'a/../manifest.json',
    ]) {
      const own = await tarOf([...membersOf(good), ...blobs]);
      const bytes = Buffer.concat([own.subarray(0, memberEnd(own)), raw(name, docker), endMark]);
      expect(await verifyBytes(bytes), name).not.toEqual([]);
    }
  });

  test('a second archive after the end mark, and other bytes', async () => {
    const own = await forge(good);
    for (const more of [await forge(evil), Buffer.from('evil')]) {
      expect(await verifyBytes(Buffer.concat([own, more]))).not.toEqual([]);
    }
  });

  test('a lone zero block, after which some readers go on', async () => {
    const [own, other] = [await forge(good), await forge(evil)];
    const bytes = Buffer.concat([own.subarray(0, memberEnd(own)), Buffer.alloc(512), other]);
    expect(await verifyBytes(bytes)).not.toEqual([]);
  });

  test('an archive that is compressed as a whole, which Docker loads and mkbase does not read', async () => {
    const fields = await verifyBytes(gzipSync(await forge(good)), 'image.tar.gz');
    expect(fields).toContain('image.tar.gz | manifest.json');
  });
});

/** Returns the offset of the end mark: after the last byte that is not zero, in whole blocks. */
function memberEnd(tar: Buffer): number {
  const last = tar.findLastIndex((byte) => byte !== 0);
  return Math.ceil((last + 1) / 512) * 512;
}

describe('a layout folder', () => {
  function folder(forgery: Forgery = {}): string {
    const root = temporaryFolder();
    for (const entry of membersOf(good, { without: ['manifest.json'], ...forgery })) {
      mkdirSync(dirname(join(root, entry.path)), { recursive: true });
      if (entry.type === 'file' && 'bytes' in entry.content) {
        writeFileSync(join(root, entry.path), entry.content.bytes);
      }
    }
    return root;
  }

  test('may lie beside files that no engine reads', async () => {
    const root = folder();
    writeFileSync(join(root, 'notes.txt'), 'notes');
    expect(await verifyPath(root)).toEqual([]);
  });

  test('with a manifest.json of the dir transport is another image for podman', async () => {
    const root = folder();
    writeFileSync(join(root, 'manifest.json'), JSON.stringify(evil.manifest));
    const fields = await verifyPath(root);
    expect(fields).toContain(`${basename(root)}: manifest.json | `);
  });

  test('with a blob that is a link out of it is not followed', async () => {
    const root = folder();
    const path = blobEntry(good.layer).path;
    const elsewhere = join(temporaryFolder(), 'layer');
    writeFileSync(elsewhere, good.layer);
    rmSync(join(root, path));
    symlinkSync(elsewhere, join(root, path));
    const fields = await verifyPath(root);
    expect(fields).toContain(`${basename(root)} | ${path}`);
  });

  test('with a named pipe or with a link to a folder in it does not hang', async () => {
    const root = folder();
    execFileSync('mkfifo', [join(root, 'blobs/sha256/pipe')]);
    symlinkSync('..', join(root, 'blobs/loop'));
    const fields = await verifyPath(root);
    expect(fields).toContain(`${basename(root)} | blobs/sha256/pipe`);
    expect(fields).toContain(`${basename(root)} | blobs/loop`);
  });
});

test('labels that differ by case only are two labels', async () => {
  const forgery = {
    config: (config: Loose) => {
      config.config.Labels = { ...config.config.Labels, a: '1', A: '2' };
    },
  };
  const fields = await verifyBytes(await forge(good, forgery));
  expect(fields.filter((field) => field.includes('Labels'))).toEqual([
    'image.tar: config | config.Labels.A',
    'image.tar: config | config.Labels.a',
  ]);
});

test('what docker save writes since version 25 still holds', async () => {
  const { config, layer } = good;
  const [diffId] = config.rootfs.diff_ids;
  const mediaType = 'application/vnd.oci.image.layer.v1.tar';
  const legacy = {
    id: 'b'.repeat(64),
    created: config.created,
    config: config.config,
    os: 'linux',
  };
  const forgery: Forgery = {
    manifest: (manifest: Loose) => JSON.stringify(manifest),
    docker: ([entry]: Loose) => [
      { ...entry, LayerSources: { [diffId]: { mediaType, size: layer.length, digest: diffId } } },
    ],
    last: [
      blobEntry(legacy),
      file('repositories', JSON.stringify({ 'mkbase/sample': { latest: diffId.slice(7) } })),
    ],
  };
  expect(await verifyBytes(await forge(good, forgery))).toEqual([]);
});

test('a rootfs tar with a whiteout, or with a path below a link, has two meanings', async () => {
  const tars = [
    archive(rawMember({ name: 'etc/.wh.passwd' })),
    archive(
      rawMember({ name: 'lib', type: '2', linkname: 'usr/lib', size: '00000000000\0' }),
      rawMember({ name: 'lib/x' }, 'x'),
    ),
    archive(
      rawMember({ name: 'lib/x' }, 'x'),
      rawMember({ name: 'lib', type: '2', linkname: 'usr/lib', size: '00000000000\0' }),
    ),
  ];
  for (const tar of tars) {
    const fields = await verifyBytes(tar, 'rootfs.tar');
    expect(fields.filter((field) => field.startsWith('rootfs.tar | byte'))).not.toEqual([]);
  }
});
