// The Linux system calls and constants that Swift's Glibc module lacks, and two readings of
// processor registers. Everything here is a declaration or `static inline`; there is no object file.
#ifndef CLINUX_H
#define CLINUX_H

// Without _GNU_SOURCE: it changes the members of fd_set, and Glibc's module is built without it. What
// would then be missing is declared at the end.
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>

// A number that differs between any two living threads. It is never zero.
static inline uintptr_t clinux_thread(void) {
#if defined(__x86_64__)
    uintptr_t self;
    __asm__("movq %%fs:0, %0" : "=r"(self));
    return self;
#elif defined(__aarch64__)
    uintptr_t self;
    __asm__("mrs %0, tpidr_el0" : "=r"(self));
    return self;
#else
    return (uintptr_t)pthread_self();
#endif
}

// Whether clinux_ticks() counts at one rate on all cores, whatever their clock and sleep states.
static inline bool clinux_ticks_are_steady(void) {
#if defined(__x86_64__)
    // <cpuid.h> belongs to a module of the compiler's that disagrees with glibc's about fd_set.
    unsigned int a = 0x80000000, b, c = 0, d;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (a < 0x80000007) return false;
    a = 0x80000007;
    c = 0;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return d & (1u << 8);
#elif defined(__aarch64__)
    return true;
#else
    return false;
#endif
}

// The processor's counter; zero where there is none that a program may read.
static inline uint64_t clinux_ticks(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    return 0;
#endif
}

// By how many nanoseconds the calling thread's sleeps may take longer, so that they end together with others;
// zero for what it had at its start.
static inline void clinux_set_timer_slack(unsigned long nanoseconds) {
    prctl(PR_SET_TIMERSLACK, nanoseconds, 0UL, 0UL, 0UL);
}

// accept4(2), pthread_setname_np(3)
extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
extern int pthread_setname_np(pthread_t thread, const char *name);

#endif
