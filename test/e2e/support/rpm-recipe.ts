/** Packages of the test's own distribution, of both its repositories. */
export const wantedRpms = 'testdist-release, bash, coreutils, mydaemon, shadow-utils, modapp';

/** Fields of a recipe that are other than usual. */
export interface RpmRecipe {
  /** The folder of both repositories. */
  readonly url: string;
  readonly name?: string;
  readonly packages?: string;
  /** More lines under `rpm`, indented. */
  readonly more?: string;
  readonly signed?: 'repomd' | 'packages';
}

/** A recipe of the test's own distribution, whose key is beside it. */
export const rpmRecipe = ({
  url,
  name = 'testdist',
  packages = wantedRpms,
  more = '',
  signed = 'repomd',
}: RpmRecipe): string => `name: ${name}
from:
  rpm:
    repositories:
      - { name: baseos, url: "${url}/BaseOS", keys: [key.asc], signed: ${signed} }
      - { name: appstream, url: "${url}/AppStream", keys: [key.asc], signed: ${signed} }
    packages: [${packages}]
${more}image: { cmd: [/bin/bash] }
test: [{ run: [bash, -c, "cat /etc/os-release"], stdout: Testdist }]
`;
