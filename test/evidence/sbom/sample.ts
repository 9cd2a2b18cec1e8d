import type { Inventory } from '../../../src/evidence/inventory/inventory.ts';
import type { Subject } from '../../../src/evidence/sbom/document.ts';
import type { Component } from '../../../src/kinds/component.ts';

const digests = (digit: string) => ({ sha1: digit.repeat(40), sha256: digit.repeat(64) });

const own = { inputs: [], linked: [] };
const unknown = { expression: 'NOASSERTION', texts: [], basis: "the recipe's own" };

const libc: Component = {
  id: 'pkg:deb/debian/libc6-dev@2.41-12?arch=amd64&distro=debian-13&upstream=glibc',
  kind: 'deb',
  name: 'libc6-dev',
  version: '2.41-12',
  architecture: 'amd64',
  source: { name: 'glibc', version: '2.41-12' },
  maintainer: 'GNU Libc Maintainers <debian-glibc@lists.debian.org>',
  homepage: 'https://www.gnu.org/software/libc/libc.html',
  licence: {
    expression: 'LGPL-2.1-or-later AND LicenseRef-own-01234567',
    texts: [{ id: 'LicenseRef-own-01234567', name: 'own', text: 'Own\n\nwords, "quoted".' }],
    basis: 'copyright file in format 1.0: all that its paragraphs state',
  },
  purl: 'pkg:deb/debian/libc6-dev@2.41-12?arch=amd64&distro=debian-13&upstream=glibc',
  sha256: 'c'.repeat(64),
  url: 'https://mirror.example/debian/pool/main/g/glibc/libc6-dev_2.41-12_amd64.deb',
  inputs: [],
  linked: [{ program: 'demo', objects: ['usr/lib/crt1.o', 'usr/lib/libc.a(puts.o)'] }],
};

const zlib: Component = {
  id: 'pkg:deb/debian/zlib1g@1:1.3.1-1?arch=amd64&distro=debian-13&upstream=zlib',
  kind: 'deb',
  name: 'zlib1g',
  version: '1:1.3.1-1',
  architecture: 'amd64',
  source: { name: 'zlib', version: '1:1.3.1-1' },
  licence: { expression: 'Zlib', texts: [], basis: 'copyright file' },
  purl: 'pkg:deb/debian/zlib1g@1:1.3.1-1?arch=amd64&distro=debian-13&upstream=zlib',
  ...own,
};

/** Something of everything: installed, linked, the recipe's own, made by a rule, and attributed to nothing. */
export const inventory: Inventory = {
  distro: 'debian-13',
  components: [
    libc,
    zlib,
    { id: 'recipe:files', kind: 'files', name: 'demo', licence: unknown, ...own },
    {
      id: 'recipe:sources',
      kind: 'sources',
      name: 'demo',
      version: '1.4.2',
      supplier: 'Organization: Example Ltd',
      cpe: 'cpe:2.3:a:example:demo:1.4.2:*:*:*:*:*:*:*',
      repository: 'https://code.example/demo',
      licence: { expression: 'MIT', texts: [], basis: 'stated by the recipe' },
      inputs: [{ path: 'main.c', sha256: 'e'.repeat(64) }],
      linked: [],
    },
  ],
  files: [
    {
      path: 'demo',
      type: 'file',
      digests: digests('1'),
      component: 'recipe:sources',
      attribution: { by: 'link' },
    },
    {
      path: 'etc/cache',
      type: 'file',
      digests: digests('2'),
      component: zlib.id,
      attribution: { by: 'rule', reason: 'a cache' },
    },
    {
      // The bytes of UTF-8, and one that is none.
      path: 'etc/h\u00c3\u00a9llo\u00ff',
      type: 'file',
      digests: digests('3'),
      component: 'recipe:files',
      attribution: { by: 'recipe' },
    },
    {
      path: 'usr/lib/libz.so',
      type: 'symlink',
      target: 'libz.so.1',
      component: zlib.id,
      attribution: { by: 'listed' },
    },
    {
      path: 'usr/lib/libz.so.1',
      type: 'file',
      digests: digests('4'),
      component: zlib.id,
      attribution: { by: 'package' },
    },
    {
      path: 'opt/link',
      type: 'symlink',
      target: '/anywhere',
      component: undefined,
      attribution: undefined,
    },
    {
      path: 'opt/mystery',
      type: 'file',
      digests: digests('5'),
      component: undefined,
      attribution: undefined,
    },
  ],
  unattributed: [
    { path: 'opt/link', reason: 'no package and no part of the recipe claims it' },
    { path: 'opt/mystery', reason: 'no package and no part of the recipe claims it' },
  ],
};

/** The same with every byte accounted for. */
export const wholeInventory: Inventory = {
  ...inventory,
  files: inventory.files.filter(({ component }) => component !== undefined),
  unattributed: [],
};

export const subject: Subject = {
  name: 'demo',
  platform: 'linux/amd64',
  manifest: `sha256:${'a'.repeat(64)}`,
  diffId: `sha256:${'b'.repeat(64)}`,
  created: 1_789_199_741,
  generator: '0.1.0',
};
