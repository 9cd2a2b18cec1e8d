import { isExpression } from '../../../src/base/spdx-expression.ts';
import { mtreeOf } from '../../../src/evidence/mtree/mtree.ts';
import { parseMtree } from '../../../src/evidence/mtree/parse.ts';
import { readPaths } from '../../../src/evidence/mtree/read-paths.ts';
import { parseSums, sumsText } from '../../../src/evidence/sums.ts';
import { fullForm, parseReference, shortForm } from '../../../src/image/reference.ts';
import { parseOutput } from '../../../src/outputs/parse-output.ts';
import { debianLicence } from '../../../src/packages/deb/licences/debian-copyright.ts';
import { sampleEntries } from '../../support/output-folder.ts';
import { tarOf } from '../../support/tar.ts';
import { Finding, type Reader, same } from '../reader.ts';
import { inputsOf, streamed, textOf } from './bytes.ts';

const copyrightText = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: x

Files: *
Copyright: 2025 Somebody
License: GPL-2+ with OpenSSL exception

Files: debian/*
License: Expat or BSD-3-clause, and Zlib
 Permission is hereby granted

License: GPL-2+
 This program is free software; you can redistribute it
 .
 On Debian systems /usr/share/common-licenses/GPL-2.
`;

export const copyright: Reader = {
  name: 'copyright',
  form: 'text',
  seeds: async () =>
    inputsOf(
      copyrightText,
      'This package is under the GNU General Public License, see /usr/share/common-licenses/GPL-3.\n',
      'Permission is hereby granted, free of charge, to any person obtaining a copy\n',
    ),
  read: async (input) => {
    const licence = await debianLicence(textOf(input), 'x');
    const { expression } = licence;
    const isSound = /^(?:NONE|NOASSERTION)$/.test(expression) || (await isExpression(expression));
    if (!isSound) throw new Finding(`the expression is ${JSON.stringify(expression)}`);
    return licence;
  },
  words: [
    'License: ',
    'Files: *\n',
    ' and ',
    ' or ',
    ', and ',
    ' with ',
    'GPL-2+',
    '\n\n',
    '\n .\n',
    'exception',
  ],
};

export const mtree: Reader = {
  name: 'mtree',
  form: 'text',
  seeds: async () => {
    const paths = await readPaths(streamed(await tarOf(sampleEntries)), 'input');
    return inputsOf([...mtreeOf(paths)].join(''));
  },
  read: async (input) => {
    const text = input.toString('latin1');
    const { records, bad } = parseMtree(text);
    const written = [...mtreeOf(records)].join('');
    same('written and read again it is the same', parseMtree(written), { records, bad: [] });
    if (bad.length > 0) return undefined;
    same('what is accepted is in the one form', written, text);
    return records;
  },
  words: [
    './a ',
    'type=file',
    ' mode=0644',
    ' link=',
    '\\040',
    '\\',
    ' time=1.000000000',
    ' xattr.user.a=eA==',
    ' nlink=2',
  ],
};

export const sums: Reader = {
  name: 'sums',
  form: 'text',
  seeds: async () =>
    inputsOf(
      sumsText(['a', 'trust/b.json', 'c'].map((name) => ({ name, sha256: 'a'.repeat(64) }))),
    ),
  read: async (input) => {
    const text = input.toString('latin1');
    const { sums: found, bad } = parseSums(text);
    for (const { name } of found) {
      if (/(?:^|\/)\.{0,2}(?:\/|$)/.test(name))
        throw new Finding(`it names ${JSON.stringify(name)}`);
    }
    if (bad.length > 0) return undefined;
    same('what is accepted is in the one form', sumsText(found), text);
    return found;
  },
  words: ['  ', ' *', '../', '/', '\\', 'f'.repeat(64)],
};

export const reference: Reader = {
  name: 'reference',
  form: 'text',
  seeds: async () =>
    inputsOf('mkbase/hello:1.0', 'localhost:5000/a/b', 'r.example/x__y:v-1', '[::1]:80/a'),
  read: async (input) => {
    const found = parseReference(textOf(input));
    same('written and read again it is the same', parseReference(shortForm(found)), found);
    const full = parseReference(fullForm(found));
    if (full.tag !== found.tag || full.domain === undefined)
      throw new Finding(`its full form is ${fullForm(found)}`);
    return found;
  },
  words: [':', '/', '@sha256:', 'localhost', '..', '__', '-', '[::1]', 'library/'],
};

export const outputWords: Reader = {
  name: 'output',
  form: 'text',
  seeds: async () =>
    inputsOf(
      'type=oci',
      'type=docker,dest=a.tar',
      'type=oci,dest=folder/',
      'type=rootfs,compression=zst,dest=x',
      'type=import',
      '"type=oci","dest=a,b"',
    ),
  read: async (input) => parseOutput(textOf(input)),
  words: [
    'type=',
    'dest=',
    'compression=',
    ',',
    '"',
    '""',
    'oci',
    'rootfs',
    'dockerfile',
    'xz',
    '-',
    '\0',
  ],
};
