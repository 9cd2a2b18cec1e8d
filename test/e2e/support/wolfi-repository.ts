import { type ApkKey, type ApkSignatureForm, apkRepository } from '../../support/apk.ts';
import { publishedEntries, realPackages } from './alpine-packages.ts';
import { writeAll } from './alpine-repository.ts';

/** Writes a mirror as Wolfi has it, of Alpine's real packages: no branches, one repository `os`. */
export async function wolfiRepository(
  folder: string,
  key: ApkKey,
  form: ApkSignatureForm = 'RSA256',
): Promise<void> {
  const real = await realPackages(await publishedEntries('x86_64'), 'x86_64', key);
  writeAll(`${folder}/os`, await apkRepository(real, key, { description: '', form }));
}
