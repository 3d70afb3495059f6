/* Preloaded into a run: counts the calls that change files below one folder, and at a chosen one fails or kills the process.
 *
 * Below Python on purpose: what SQLite, DuckDB and Arrow write passes here like everything else. Armed from Python with
 * ctypes (see faults.py); until then every call goes straight through. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { COUNT, FAIL_ONCE, FAIL_FROM, KILL, TEAR };

static char below[PATH_MAX];
static size_t length;
static long at;
static int mode, error_number;
static volatile long seen;

void faults_arm(const char *folder, int how, long number, int error)
{
    strncpy(below, folder, sizeof below - 1);
    mode = how, at = number, error_number = error, seen = 0;
    length = strlen(below);
}

long faults_seen(void) { return seen; }

static long wrong_by; /* seconds */

void faults_clock(long seconds) { wrong_by = seconds; }

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int said = real(clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += wrong_by;
    return said;
}

/* Whether this call is to fail (1), or to tear (2: write half, then die). Dies here when it is the call to die at. */
static int due(void)
{
    long now = __sync_add_and_fetch(&seen, 1);
    if (mode == KILL && now == at) kill(getpid(), SIGKILL);
    if (mode == TEAR && now == at) return 2;
    if ((mode == FAIL_ONCE && now == at) || (mode == FAIL_FROM && now >= at)) { errno = error_number; return 1; }
    return 0;
}

static int ours(const char *path)
{
    char whole[PATH_MAX];
    if (!length || !path) return 0;
    if (path[0] != '/') {
        if (!getcwd(whole, sizeof whole)) return 0;
        return 0 == strncmp(whole, below, length);
    }
    return 0 == strncmp(path, below, length);
}

static int ours_fd(int fd)
{
    char link[64], path[PATH_MAX];
    ssize_t n;
    if (!length) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return ours(path);
}

static int ours_at(int folder, const char *path)
{
    if (path && path[0] == '/') return ours(path);
    return folder == AT_FDCWD ? ours(path) : ours_fd(folder);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define TORN(call) do { int d_ = due(); if (d_ == 2) { size_t half = size / 2; call; kill(getpid(), SIGKILL); } if (d_) return -1; } while (0)

ssize_t write(int fd, const void *data, size_t size)
{
    REAL(ssize_t, write, int, const void *, size_t);
    if (ours_fd(fd)) TORN(real(fd, data, half));
    return real(fd, data, size);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t where)
{
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    if (ours_fd(fd)) TORN(real(fd, data, half, where));
    return real(fd, data, size, where);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t where) { return pwrite64(fd, data, size, where); }

#define PLAIN(condition) do { if ((condition) && due()) { if (mode == TEAR) kill(getpid(), SIGKILL); return -1; } } while (0)

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    REAL(ssize_t, writev, int, const struct iovec *, int);
    PLAIN(ours_fd(fd));
    return real(fd, parts, count);
}
int fsync(int fd) { REAL(int, fsync, int); PLAIN(ours_fd(fd)); return real(fd); }
int fdatasync(int fd) { REAL(int, fdatasync, int); PLAIN(ours_fd(fd)); return real(fd); }
int ftruncate64(int fd, off64_t size) { REAL(int, ftruncate64, int, off64_t); PLAIN(ours_fd(fd)); return real(fd, size); }
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int fallocate64(int fd, int how, off64_t from, off64_t size) { REAL(int, fallocate64, int, int, off64_t, off64_t); PLAIN(ours_fd(fd)); return real(fd, how, from, size); }
int posix_fallocate64(int fd, off64_t from, off64_t size) { REAL(int, posix_fallocate64, int, off64_t, off64_t); if (ours_fd(fd) && due()) return error_number; return real(fd, from, size); }
int posix_fallocate(int fd, off_t from, off_t size) { return posix_fallocate64(fd, from, size); }
int rename(const char *from, const char *to) { REAL(int, rename, const char *, const char *); PLAIN(ours(from)); return real(from, to); }
int renameat(int a, const char *from, int b, const char *to) { REAL(int, renameat, int, const char *, int, const char *); PLAIN(ours_at(a, from)); return real(a, from, b, to); }
int link(const char *from, const char *to) { REAL(int, link, const char *, const char *); PLAIN(ours(to)); return real(from, to); }
int symlink(const char *target, const char *path) { REAL(int, symlink, const char *, const char *); PLAIN(ours(path)); return real(target, path); }
int mkdir(const char *path, mode_t how) { REAL(int, mkdir, const char *, mode_t); PLAIN(ours(path)); return real(path, how); }
int rmdir(const char *path) { REAL(int, rmdir, const char *); PLAIN(ours(path)); return real(path); }
int unlink(const char *path) { REAL(int, unlink, const char *); PLAIN(ours(path)); return real(path); }
int unlinkat(int folder, const char *path, int how) { REAL(int, unlinkat, int, const char *, int); PLAIN(ours_at(folder, path)); return real(folder, path, how); }
int chmod(const char *path, mode_t how) { REAL(int, chmod, const char *, mode_t); PLAIN(ours(path)); return real(path, how); }
int fchmod(int fd, mode_t how) { REAL(int, fchmod, int, mode_t); PLAIN(ours_fd(fd)); return real(fd, how); }

static int opened(int (*real)(int, const char *, int, ...), int folder, const char *path, int flags, mode_t how)
{
    if ((flags & (O_CREAT | O_TRUNC)) && ours_at(folder, path) && due()) {
        if (mode == TEAR) kill(getpid(), SIGKILL);
        return -1;
    }
    return real(folder, path, flags, how);
}
#define OPEN_MODE mode_t how = 0; if (flags & (O_CREAT | __O_TMPFILE)) { va_list more; va_start(more, flags); how = va_arg(more, mode_t); va_end(more); }
typedef int (*openat_t)(int, const char *, int, ...);
static openat_t real_openat(void)
{
    static openat_t real;
    if (!real) real = (openat_t)dlsym(RTLD_NEXT, "openat64");
    return real;
}
int open(const char *path, int flags, ...) { OPEN_MODE return opened(real_openat(), AT_FDCWD, path, flags, how); }
int open64(const char *path, int flags, ...) { OPEN_MODE return opened(real_openat(), AT_FDCWD, path, flags | O_LARGEFILE, how); }
int openat(int folder, const char *path, int flags, ...) { OPEN_MODE return opened(real_openat(), folder, path, flags, how); }
int openat64(int folder, const char *path, int flags, ...) { OPEN_MODE return opened(real_openat(), folder, path, flags | O_LARGEFILE, how); }
