// Makes a process of Node believe that it runs on a system that is not Linux: by its name, without /proc and without
// users' ids. Loaded by NODE_OPTIONS=--import=….
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

Object.defineProperty(process, 'platform', { value: 'darwin' });
for (const name of ['getuid', 'geteuid', 'getgid', 'getegid', 'getgroups']) delete process[name];

const isHidden = (path) =>
  /^\/(?:proc|sys)(?:\/|$)/.test(Buffer.isBuffer(path) ? path.toString('latin1') : String(path));

const absent = (path) =>
  Object.assign(new Error(`ENOENT: no such file or directory, '${path}'`), { code: 'ENOENT' });

const names = [
  'access',
  'lstat',
  'open',
  'opendir',
  'readFile',
  'readdir',
  'readlink',
  'realpath',
  'stat',
];
for (const name of names) {
  const { [name]: withCallback, [`${name}Sync`]: sync } = fs;
  const promised = fs.promises[name];
  fs[`${name}Sync`] = (path, ...rest) => {
    if (isHidden(path)) throw absent(path);
    return sync(path, ...rest);
  };
  fs.promises[name] = async (path, ...rest) => {
    if (isHidden(path)) throw absent(path);
    return promised.call(fs.promises, path, ...rest);
  };
  fs[name] = Object.assign((path, ...rest) => {
    if (isHidden(path)) return rest.at(-1)(absent(path));
    return withCallback(path, ...rest);
  }, withCallback);
}
syncBuiltinESMExports();
