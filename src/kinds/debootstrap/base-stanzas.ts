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
