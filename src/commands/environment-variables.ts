/** Environment variables that mkbase itself heeds, for help and documentation. */
export const environmentVariables: Readonly<Record<string, string>> = {
  MKBASE_ENGINE: 'Engine, where --engine is not given.',
  MKBASE_DEBIAN_MIRROR: "Debian mirror, where --mirror is not given; else the host's own.",
  MKBASE_DEBIAN_SECURITY_MIRROR: 'The same for the security suites.',
  MKBASE_ALPINE_MIRROR: "Alpine mirror, where --mirror is not given; else the recipe's.",
  MKBASE_SIGN_PASSPHRASE: 'Passphrase of the key that signs, where no file is named.',
  MKBASE_DEBUG: '1 prints stacks with errors.',
  SOURCE_DATE_EPOCH: 'Seconds since 1970: the latest time in an image.',
  XDG_CACHE_HOME: 'Downloads and builders are kept in mkbase/ below it; ~/.cache when unset.',
  TMPDIR: 'Folder for temporary files.',
  DOCKER_HOST: 'Daemon, as the docker CLI takes it; so are DOCKER_CONTEXT and CONTAINER_HOST.',
  HTTPS_PROXY: 'Proxy; so are HTTP_PROXY and NO_PROXY.',
  NO_COLOR: 'No colour, when not empty.',
  FORCE_COLOR: 'Colour without a terminal, when not empty or 0.',
  CI: 'Progress as plain lines even on a terminal.',
};
