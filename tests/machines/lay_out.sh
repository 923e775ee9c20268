#!/bin/sh
# The root of a machine: this one's, with a layer over it that only the machine sees, and empty
# folders where a fresh Debian has none of ours. Runs in namespaces of its own, which end with it.
#   lay_out.sh NAME SCRATCH PACKAGES STANDING_IN PYTHON
set -eu
name=$1 scratch=$2 packages=$3 standing_in=$4 python=$5

hostname "$name"
mount -t tmpfs -o mode=755 "$name" "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root" "$scratch/upper2" "$scratch/work2"
mount -t overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" overlay "$scratch/root"
root=$scratch/root

mount -t proc proc "$root/proc"
for folder in dev sys; do mount --rbind "/$folder" "$root/$folder"; done
for folder in root run srv opt etc/postgresql var/lib/postgresql var/log/postgresql var/run/postgresql; do
  [ -L "$root/${folder%/*}" ] || mkdir -p "$root/$folder"
done
for folder in run srv opt etc/postgresql var/lib/postgresql var/log/postgresql; do
  mount -t tmpfs -o mode=755 "$name" "$root/$folder"
done
mount -t tmpfs -o mode=700 "$name" "$root/root"
mount -t tmpfs -o mode=1777 "$name" "$root/tmp"

# What pip would bring of others: the packages that these tests run with, without ours.
mkdir "$root/run/packages" "$root/run/standing-in"
mount -t overlay -o "lowerdir=$packages,upperdir=$scratch/upper2,workdir=$scratch/work2" overlay "$root/run/packages"
rm -rf "$root/run/packages/"*newsletter_as_code* "$root/run/packages/"*.pth
cp "$standing_in"/* "$root/run/standing-in/"
chmod 755 "$root/run/standing-in/"*
printf '127.0.0.1 localhost\n10.0.0.1 alpha\n10.0.0.2 beta\n10.0.0.3 relay\n' > "$root/etc/hosts"

# The first process of the machine: with it all others end. It buries whoever is left to it.
exec chroot "$root" "$python" -c '
import signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("up", flush=True)
while True:
    signal.pause()
'
