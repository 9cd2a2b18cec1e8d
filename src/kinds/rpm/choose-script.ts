/**
 * Asks dnf which packages it would install, in its own words (dnf's API, dnf.readthedocs.io): repositories on
 * disk, an empty root, nothing of the builder's. A constant: names are in `question.json`. `answer.json` has
 * `packages`, `missing` where no package has a name, or `problem` in dnf's words.
 */
export const choosePython = `
import json, logging, os
import dnf, dnf.conf, dnf.exceptions
import dnf.module.module_base
import dnf.module.exceptions

logging.disable(logging.CRITICAL)
question = json.load(open('question.json'))

def choose():
    conf = dnf.conf.Conf()
    base = dnf.Base(conf)
    conf.config_file_path = '/dev/null'
    conf.reposdir, conf.varsdir, conf.pluginpath, conf.plugins = [], [], [], False
    for name in ('root', 'cache', 'persist', 'log'):
        os.mkdir('/build/' + name)
    conf.installroot, conf.cachedir = '/build/root', '/build/cache'
    conf.persistdir, conf.logdir = '/build/persist', '/build/log'
    conf.install_weak_deps = question['weak']
    conf.best = conf.strict = conf.obsoletes = True
    conf.gpgcheck = False
    conf.excludepkgs = question['exclude']
    arch = question['arch']
    conf.substitutions.update(releasever=question['release'], arch=arch, basearch=arch)
    if question['platform']:
        conf.module_platform_id = question['platform']
    for name in question['repositories']:
        repo = base.repos.add_new_repo(name, conf, baseurl=['file:///build/repositories/' + name])
        repo.gpgcheck = repo.repo_gpgcheck = repo.skip_if_unavailable = False
        repo.load_metadata_other = False
    base.fill_sack(load_system_repo=False)
    if question['modules']:
        dnf.module.module_base.ModuleBase(base).enable(question['modules'])
    base.install_specs(question['wanted'])
    base.resolve()
    return [
        {'repository': each.repoid, 'name': each.name, 'href': each.location, 'sha256': each.chksum[1].hex()}
        for each in base.transaction.install_set
    ]

try:
    answer = {'packages': choose()}
except dnf.exceptions.MarkingErrors as error:
    names = sorted(error.no_match_pkg_specs or [])
    answer = {'missing': names} if names else {'problem': str(error)}
except dnf.exceptions.Error as error:
    answer = {'problem': str(error)}
json.dump(answer, open('answer.json', 'w'))
`;

/** On stdin a tar: `choose.py`, `question.json`, `repositories/`. On stdout a tar: `answer.json`. */
export const chooseScript = `
umask 022
cd /build
tar -xf - --no-same-owner
export HOME=/build LC_ALL=C.UTF-8 TZ=UTC PYTHONDONTWRITEBYTECODE=1
python3 choose.py >&2
exec tar -cf - answer.json
`;
