import { alpm } from './alpm/alpm.ts';
import { apk } from './apk/apk.ts';
import type { PackageFamily } from './contract.ts';
import { deb } from './deb/deb.ts';
import { rpm } from './rpm/rpm.ts';

/** Every family of packages: a folder each, and one line here. */
export const families: readonly PackageFamily[] = [deb, apk, rpm, alpm];
