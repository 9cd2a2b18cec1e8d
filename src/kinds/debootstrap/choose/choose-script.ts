import { callDebootstrap, standIns } from '../debootstrap-shell.ts';

/**
 * A Perl program that cuts a Packages index on stdin down to the stanzas that can have a part in a
 * base set: those of required, important and essential packages, of packages that debootstrap's
 * script for the suite may name (any word of it will do), and of what these depend on in any way.
 * Parameters: the script and what it includes.
 *
 * debootstrap reads an index line by line and many times over: with a hundredth of it, it takes an
 * instant instead of seconds, and instead of many minutes where another machine is emulated.
 */
export const baseStanzas = String.raw`
local $/;
my %seed;
for my $file (splice @ARGV) {
  open my $script, '<', $file or die "$file: $!";
  $seed{$_} = 1 for <$script> =~ /[a-z0-9][a-z0-9+.-]+/g;
}
$/ = '';
my (%stanzas, @names, @queue);
while (<STDIN>) {
  my ($name) = /^Package: (\S+)/ or next;
  push @names, $name unless $stanzas{$name};
  push @{$stanzas{$name}}, $_;
  push @queue, $name if $seed{$name} || /^(?:Priority: (?:required|important)|Essential: yes)$/m;
}
my %kept;
while (defined(my $name = shift @queue)) {
  next if $kept{$name}++;
  for (map { /^(?:Pre-)?Depends: (.*)$/mg } @{$stanzas{$name} || []}) {
    push @queue, map { /^\s*([^\s:(]+)/ } split /[,|]/;
  }
}
print map { @{$stanzas{$_}} } grep { $kept{$_} } @names;
`;

/** Fields of an index that debootstrap goes by. */
const debootstrapFields =
  'Package|Version|Architecture|Priority|Essential|Pre-Depends|Depends|Filename|Size|SHA256';

/**
 * Fields that apt goes by. Without Phased-Update-Percentage, by which Ubuntu gives an update to some
 * machines before others, all get it.
 */
const aptFields = `${debootstrapFields}|Multi-Arch|Important|Protected|Provides|Conflicts|Breaks|Replaces`;

/** apt on the indexes alone, for an empty system: no configuration and no keys of the builder's. */
const aptConfiguration = `
Dir::State "/build/apt";
Dir::State::status "/build/apt/status";
Dir::Cache "/build/apt";
Dir::Etc "/build/apt/etc";
Dir::Etc::sourcelist "/build/apt/sources";
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
APT::Install-Recommends "false";
Debug::NoLocking "true";
`.trim();

/** The number of the index in a URL that apt prints: it believes each to be an archive of its own. */
export const indexUrlPattern = /^file:\/build\/index\/(\d+)\//;

/**
 * Lets debootstrap choose the base set, by the suite's own index, unless it is given, and apt the newest
 * version of each package in it over all indexes, with what the newer versions depend on; then the same
 * together with the packages wanted besides. Nothing is installed, and no right is needed for it.
 *
 * On stdin a tar: `index/<number>/Packages`, those of the suite itself first, in the order of its
 * components; `index/<number>/architecture` for one of a foreign architecture; `release`, the head of a Release file; where suites differ, `index/<number>/Release`, which
 * names the suite of an index to apt, and `preferences`. Parameters: debootstrap's script for the
 * suite's relatives, the suite, its architecture, its components separated by blanks, the names of the base
 * set likewise or an empty word, debootstrap's options up to `--`, packages.
 *
 * On stdout a tar: `mirror`, the distribution's own, where debootstrap was asked; `base` and `all`, what apt would fetch, as it
 * prints that; `problem` in their place, what apt says when it cannot.
 */
export const chooseScript = `${standIns}${callDebootstrap}
cd /build
tar -xf - --no-same-owner
relative=$1 suite=$2 architecture=$3 components=$4 base=$5 options=''
shift 5
while [ "$1" != -- ]; do
  options="$options $1"
  shift
done
shift

mkdir -p apt/lists/partial apt/archives/partial apt/etc/apt.conf.d apt/etc/preferences.d out
architectures=$architecture
for index in index/*; do
  number=\${index#index/}
  grep -aE '^((${aptFields}):|$)' "$index/Packages" >"apt/lists/_build_index_\${number}_._Packages" || true
  if [ -e "$index/Release" ]; then
    cp "$index/Release" "apt/lists/_build_index_\${number}_._Release"
  fi
  each=$architecture
  if [ -e "$index/architecture" ]; then read -r each <"$index/architecture"; fi
  case " $architectures " in *" $each "*) ;; *) architectures="$architectures $each" ;; esac
  echo "deb [arch=$each trusted=yes] file:/build/$index ./" >>apt/sources
done
if [ -e preferences ]; then mv preferences apt/etc; fi
: >apt/status
cat >apt/conf <<'END'
${aptConfiguration}
END
echo "APT::Architecture \\"$architecture\\";" >>apt/conf
for each in $architectures; do echo "APT::Architectures:: \\"$each\\";"; done >>apt/conf
export APT_CONFIG=/build/apt/conf
apt-cache -q gencaches >/dev/null 2>&1 &

print_debs() {
  scripts=/usr/share/debootstrap/scripts
  if [ -e "$scripts/$suite" ]; then relative=$suite; fi
  cat >base-stanzas <<'END'
${baseStanzas.trim()}
END
  cp release release.whole
  number=0
  for component in $components; do
    file=$component/binary-$architecture/Packages
    mkdir -p "mirror/dists/$suite/\${file%/*}"
    grep -aE '^((${debootstrapFields}):|$)' "index/$number/Packages" |
      perl base-stanzas "$scripts/debian-common" "$scripts/$relative" >"mirror/dists/$suite/$file"
    sum=$(sha256sum "mirror/dists/$suite/$file")
    echo " \${sum%% *} $(wc -c <"mirror/dists/$suite/$file") $file" >>release.whole
    number=$((number + 1))
  done
  mv release.whole "mirror/dists/$suite/Release"
  stand_in
  call_debootstrap "$relative" "$suite" /build/target --print-debs $options >printed 2>log || {
    cat log >&2
    exit 1
  }
  mv default-mirror out/mirror
}
if [ -n "$base" ]; then echo "$base" >printed; else print_debs; fi
wait

choose() {
  what=$1
  shift
  if apt-get -qq --yes --print-uris install $(cat printed) "$@" >"$what" 2>"problems/$what"
  then mv "$what" out
  fi
}
mkdir problems
if [ "$#" -gt 0 ]; then choose all "$@" & fi
choose base
wait
for what in all base; do
  if [ -e "problems/$what" ] && ! [ -e "out/$what" ]; then mv "problems/$what" out/problem; fi
done
tar -cf - -C out .
`;
