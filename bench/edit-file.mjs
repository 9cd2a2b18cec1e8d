// One line of one file in a recipe on debian-slim with python, until the image is in the daemon, against
// `docker import` of the same tar.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from './measure.mjs';
import { mkbase, shell, timed, work } from './workbench.mjs';

const recipe = `name: edited
extends: debian-slim
packages: [python3-minimal]
files: [{ path: /srv/note.txt, source: note.txt }]
`;

function editingFile() {
  const folder = join(work, 'edited');
  mkdirSync(folder);
  writeFileSync(join(folder, 'recipe.yaml'), recipe);
  const edit = (turn) => writeFileSync(join(folder, 'note.txt'), `first\n${turn}\nlast\n`);
  const tar = join(work, 'edited.tar');
  edit('before');
  timed([...mkbase('edit-file', folder), '--output', `type=rootfs,dest=${tar}`]);
  timed(mkbase('edit-file', folder));
  inTurn(
    'Edit one line of a file on debian-slim with python, image in the daemon',
    9,
    1.5,
    { name: 'mkbase ./edited', before: edit, run: () => timed(mkbase('edit-file', folder)) },
    {
      name: 'docker import of the same tar',
      run: () => timed(shell('docker import "$1" byhand/edited >/dev/null', tar)),
    },
  );
}

export const benches = { 'edit-file': editingFile };
