// A build of which nothing has changed since the last one.
import { helloCopy, helloSource, mkbase, timed, writeFiles } from './workbench.mjs';

const node = { name: 'node -e 0', run: () => timed([process.execPath, '-e', '0']) };

/** `docker build` with BuildKit (1) or with the legacy builder (0) of a context that does not change. */
function dockerBuild(name, buildkit, context) {
  const argv = ['env', `DOCKER_BUILDKIT=${buildkit}`, '/usr/bin/docker', 'build', '-q', context];
  timed(argv);
  return { name: `docker build, ${name}`, run: () => timed(argv) };
}

const hello = {
  ...{ title: '`mkbase ./hello` with nothing changed', pairs: 15 },
  prepare() {
    const folder = helloCopy('unchanged', { tests: true });
    timed(mkbase('edit', folder));
    const Dockerfile = 'FROM scratch\nCOPY hello /hello\nCMD ["/hello"]\n';
    const context = writeFiles('context', { hello: helloSource, Dockerfile });
    return {
      sides: [
        { name: 'mkbase ./hello', run: () => timed(mkbase('edit', folder)) },
        ...[node, dockerBuild('BuildKit', 1, context)],
        dockerBuild('the legacy builder', 0, context),
      ],
    };
  },
};

const debian = {
  ...{ title: '`mkbase debian` with nothing changed', pairs: 15, most: 0.3 },
  prepare() {
    const build = () => timed(mkbase('debian', 'debian'));
    build();
    return { sides: [{ name: 'mkbase debian', run: build }, node] };
  },
};

export const forms = { 'unchanged-hello': hello, 'unchanged-debian': debian };
