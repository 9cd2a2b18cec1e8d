
stand_in() {
  mkdir /build/bin
  cat >/build/bin/wget <<'END'
#!/bin/sh
while [ "$#" -gt 1 ]; do
  if [ "$1" = -O ]; then to=$2; fi
  shift
done
[ -e /build/default-mirror ] || echo "${1%%/dists/*}" >/build/default-mirror
read -r mirror </build/default-mirror
exec ln "/build/mirror/${1#"$mirror"/}" "$to"
END
  printf '#!/bin/sh\nexit 1\n' >/build/bin/mount
  printf '#!/bin/sh\n' >/build/bin/sync
  chmod 755 /build/bin/*
}

call_debootstrap() {
  relative=$1 suite=$2 folder=$3
  shift 3
  if [ -e "/usr/share/debootstrap/scripts/$suite" ]; then relative=$suite; fi
  PATH=/build/bin:$PATH debootstrap --no-check-sig "$@" "$suite" "$folder" '' "$relative"
}

cd /build
tar -xf - --no-same-owner
relative=$1 suite=$2 architecture=$3 components=$4 options=''
shift 4
while [ "$1" != -- ]; do
  options="$options $1"
  shift
done
shift

mkdir -p apt/lists/partial apt/archives/partial apt/etc/apt.conf.d apt/etc/preferences.d out
for index in index/*; do
  number=${index#index/}
  grep -aE '^((Package|Version|Architecture|Priority|Essential|Pre-Depends|Depends|Filename|Size|SHA256|Multi-Arch|Important|Protected|Provides|Conflicts|Breaks|Replaces):|$)' "$index/Packages" >"apt/lists/_build_index_${number}_._Packages" || true
  echo "deb [arch=$architecture trusted=yes] file:/build/$index ./"
done >apt/sources
: >apt/status
cat >apt/conf <<'END'
Dir::State "/build/apt";
Dir::State::status "/build/apt/status";
Dir::Cache "/build/apt";
Dir::Etc "/build/apt/etc";
Dir::Etc::sourcelist "/build/apt/sources";
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
APT::Install-Recommends "false";
Debug::NoLocking "true";
END
echo "APT::Architecture \"$architecture\";" >>apt/conf
export APT_CONFIG=/build/apt/conf
apt-cache -q gencaches >/dev/null 2>&1 &

scripts=/usr/share/debootstrap/scripts
if [ -e "$scripts/$suite" ]; then relative=$suite; fi
cat >base-stanzas <<'END'
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
END
cp release release.whole
number=0
for component in $components; do
  file=$component/binary-$architecture/Packages
  mkdir -p "mirror/dists/$suite/${file%/*}"
  grep -aE '^((Package|Version|Architecture|Priority|Essential|Pre-Depends|Depends|Filename|Size|SHA256):|$)' "index/$number/Packages" |
    perl base-stanzas "$scripts/debian-common" "$scripts/$relative" >"mirror/dists/$suite/$file"
  sum=$(sha256sum "mirror/dists/$suite/$file")
  echo " ${sum%% *} $(wc -c <"mirror/dists/$suite/$file") $file" >>release.whole
  number=$((number + 1))
done
mv release.whole "mirror/dists/$suite/Release"
stand_in
call_debootstrap "$relative" "$suite" /build/target --print-debs $options >printed 2>log || {
  cat log >&2
  exit 1
}
mv default-mirror out/mirror
wait

choose() {
  what=$1
  shift
  if apt-get -qq --yes --print-uris install $(cat printed) "$@" >"$what" 2>problem
  then mv "$what" out
  else mv problem out
  fi
}
choose base
if [ -e out/base ] && [ "$#" -gt 0 ]; then choose all "$@"; fi
tar -cf - -C out .
