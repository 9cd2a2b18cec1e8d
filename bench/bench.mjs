// The numbers that mkbase promises, each against the way a person would do the same by hand, run in turn
// in one run. README.md in this folder has a line for each. `npm run bench -- NAME...` runs some.
import { benches as edit } from './edit.mjs';
import { benches as editFile } from './edit-file.mjs';
import { benches as firstBuild } from './first-build.mjs';
import { benches as imageSize } from './image-size.mjs';
import { benches as memory } from './memory.mjs';
import { benches as unchanged } from './unchanged.mjs';
import { benches as verify } from './verify.mjs';

const benches = {
  ...firstBuild,
  ...edit,
  ...editFile,
  ...unchanged,
  ...memory,
  ...imageSize,
  ...verify,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in benches));
if (names.includes('--list')) {
  console.log(Object.keys(benches).join('\n'));
} else if (unknown.length > 0) {
  console.error(`no number is called ${unknown.join(', ')}; see bench/README.md`);
  process.exitCode = 2;
} else {
  for (const name of names.length > 0 ? names : Object.keys(benches)) benches[name]();
}
