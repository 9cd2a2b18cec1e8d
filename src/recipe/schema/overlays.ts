import * as z from 'zod';
import {
  addedPackage,
  argv,
  httpUrl,
  id,
  ignorePatterns,
  imagePath,
  mode,
  reason,
  recipeFolder,
  recipeName,
  recipePath,
  sha256,
  text,
  withoutColon,
} from './fields.ts';

const ownership = {
  owner: id.default(0).describe('uid of the owner.'),
  group: id.default(0).describe('gid of the group.'),
};

const at = {
  path: imagePath
    .refine((path) => path !== '/', 'expected the path of a file, not "/"')
    .describe('Where it goes in the image.'),
};

const inlineFile = z.strictObject({
  ...at,
  content: z.string().describe('The contents, inline.'),
  mode: mode.default('0644'),
  ...ownership,
});

const sourceFile = z.strictObject({
  ...at,
  source: recipePath.describe('A file beside the recipe.'),
  mode: mode.default('0644'),
  ...ownership,
});

const sourceFolder = z.strictObject({
  path: imagePath.describe('Where what is in it goes in the image; "/" for the top.'),
  folder: recipeFolder.describe(
    'A folder beside the recipe, taken whole: files that can be run get the mode 755, others 644.',
  ),
  ignore: ignorePatterns,
  ...ownership,
});

const downloadedFile = z.strictObject({
  ...at,
  url: httpUrl.describe('Where the file is fetched from.'),
  sha256: sha256.describe('What its bytes must hash to.'),
  mode: mode.default('0644'),
  ...ownership,
});

const concatenation = z.strictObject({
  ...at,
  concatenate: imagePath.describe(
    'Files of the rootfs, as a path with * in its last part, joined in byte order of their names.',
  ),
  mode: mode.default('0644'),
  ...ownership,
});

const symlink = z.strictObject({
  ...at,
  symlink: text.min(1).describe('Target of the symbolic link.'),
});

const directory = z.strictObject({
  path: imagePath.describe('Where it goes in the image.'),
  directory: z.literal(true),
  mode: mode.default('0755'),
  ...ownership,
});

/** `files:`: files, folders and links that are added to the rootfs. */
export const files = z
  .array(
    z.union([
      inlineFile,
      sourceFile,
      sourceFolder,
      downloadedFile,
      concatenation,
      symlink,
      directory,
    ]),
  )
  .default([])
  .describe('Files, folders and links added to the rootfs.');

const group = z.strictObject({
  name: recipeName.describe('Name of the group.'),
  gid: id.describe('Its number.'),
  members: z.array(recipeName).default([]).describe('Users that belong to it besides.'),
});

const user = z.strictObject({
  name: recipeName.describe('Name of the user.'),
  uid: id.describe('Its number.'),
  gid: id.optional().describe('Primary group; the uid when left out.'),
  comment: text
    .refine(withoutColon, 'expected no ":"')
    .default('')
    .describe('Full name or purpose (GECOS).'),
  home: imagePath
    .refine(withoutColon, 'expected no ":"')
    .default('/nonexistent')
    .describe('Home folder.'),
  shell: imagePath
    .refine(withoutColon, 'expected no ":"')
    .default('/usr/sbin/nologin')
    .describe('Login shell.'),
});

/** `accounts:`: lines of /etc/passwd and /etc/group, in the order given. */
export const accounts = z
  .strictObject({
    users: z.array(user).default([]).describe('Lines of /etc/passwd.'),
    groups: z.array(group).default([]).describe('Lines of /etc/group.'),
  })
  .default({ users: [], groups: [] })
  .describe('Users and groups added to /etc/passwd and /etc/group.');

/** `packages:`: packages that the root filesystem's own package manager adds. */
export const packages = z
  .array(addedPackage)
  .default([])
  .describe(
    'Packages of the distribution added to the rootfs, with all that they depend on; locked, and installed without network.',
  );

/** `run:`: commands inside the rootfs. */
export const run = z
  .array(argv.min(1))
  .default([])
  .describe(
    'Commands run inside the rootfs by a builder without network, each an argv; no shell is involved.',
  );

const slimRule = z.strictObject({
  drop: imagePath.describe('Path to leave out; * stands for any part of a name, ** for any path.'),
  keep: z.array(imagePath).default([]).describe('Exceptions, in the same form.'),
  reason,
});

/** `slim:`: paths that are left out of the rootfs, with the reasons. */
export const slim = z.array(slimRule).default([]).describe('What is left out, with the reason.');

export type FileOverlay = z.output<typeof files>[number];
export type Accounts = z.output<typeof accounts>;
export type SlimRule = z.output<typeof slimRule>;
