/*
 * A loop of pipelines through hiredis, to compare a client with: see Pipelines.swift, which does the
 * same. Prints the requests per second.
 *
 *     pipelines PORT DEPTH REQUESTS
 */

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEYS = 1000, KEY_BYTES = 16, VALUE_BYTES = 16 };

static void fail(const char *what) {
    fprintf(stderr, "pipelines: %s\n", what);
    exit(1);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void append(redisContext *context, int request, char keys[KEYS][KEY_BYTES], const char *value) {
    const char *key = keys[request / 2 % KEYS];
    /* With lengths and without formats: the fastest way there is. */
    const char *words[] = {request % 2 == 0 ? "SET" : "GET", key, value};
    const size_t lengths[] = {3, strlen(key), VALUE_BYTES};
    if (redisAppendCommandArgv(context, request % 2 == 0 ? 3 : 2, words, lengths) != REDIS_OK) fail("append");
}

static void check(redisContext *context, int request) {
    redisReply *reply;
    if (redisGetReply(context, (void **)&reply) != REDIS_OK) fail(context->errstr);
    if (request % 2 == 0 ? reply->type != REDIS_REPLY_STATUS
                         : reply->type != REDIS_REPLY_STRING || reply->len != VALUE_BYTES)
        fail("an unexpected reply");
    freeReplyObject(reply);
}

int main(int count, char **words) {
    if (count != 4) fail("usage: pipelines PORT DEPTH REQUESTS");
    const int port = atoi(words[1]), depth = atoi(words[2]), requests = atoi(words[3]);
    static char keys[KEYS][KEY_BYTES];
    for (int i = 0; i < KEYS; i++) snprintf(keys[i], KEY_BYTES, "key:%d", i);
    const char *value = "0123456789abcdef";
    redisContext *context = redisConnect("127.0.0.1", port);
    if (context == NULL || context->err) fail("no connection");
    const double start = seconds();
    for (int done = 0; done < requests; done += depth) {
        for (int i = 0; i < depth; i++) append(context, done + i, keys, value);
        for (int i = 0; i < depth; i++) check(context, done + i);
    }
    printf("%.0f\n", requests / (seconds() - start));
    redisFree(context);
    return 0;
}
