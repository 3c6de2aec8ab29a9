/*
 * Checks with hiredis, the C client. Prints one line per check: "ok NAME", "FAILED NAME: REASON" or
 * "skip NAME: REASON".
 *
 *     hiredis_check PORT
 */

#define _POSIX_C_SOURCE 200809L

#include <hiredis/hiredis.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum {
    PIPELINED_COMMANDS = 1000,
    LARGE_VALUE_BYTES = 8 * 1024 * 1024,
    REASON_BYTES = 400,
};

/* Longer than any reply takes; a server that never answers must not hang the checks. */
static const struct timeval REPLY_TIMEOUT = {10, 0};

static int port;
static char reason[REASON_BYTES];

/* Notes why a check fails. */
static bool fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vsnprintf(reason, sizeof reason, format, values);
    va_end(values);
    return false;
}

/* A new connection, or NULL with the reason noted. */
static redisContext *connected(void) {
    redisContext *context = redisConnectWithTimeout("127.0.0.1", port, REPLY_TIMEOUT);
    if (context == NULL || context->err) {
        fail("cannot connect: %s", context ? context->errstr : "no memory");
        if (context) redisFree(context);
        return NULL;
    }
    redisSetTimeout(context, REPLY_TIMEOUT);
    return context;
}

/* Whether a reply is of the given type; notes what it is if not. */
static bool has_type(const redisReply *reply, int type) {
    if (reply == NULL) return fail("no reply");
    if (reply->type == type) return true;
    return fail("reply of type %d instead of %d: %.100s", reply->type, type, reply->str ? reply->str : "");
}

/* Whether a reply is a string (or status, or error) of exactly these bytes. */
static bool is_text(const redisReply *reply, int type, const char *bytes, size_t length) {
    if (!has_type(reply, type)) return false;
    if (reply->len == length && memcmp(reply->str, bytes, length) == 0) return true;
    return fail("\"%.100s\" (%zu bytes) instead of \"%.100s\" (%zu bytes)", reply->str, reply->len, bytes, length);
}

/* Whether a reply is this integer. */
static bool is_integer(const redisReply *reply, long long number) {
    if (!has_type(reply, REDIS_REPLY_INTEGER)) return false;
    return reply->integer == number || fail("%lld instead of %lld", reply->integer, number);
}

static bool set_and_get(redisContext *context) {
    redisReply *set = redisCommand(context, "SET %s %s", "greeting", "hello world");
    redisReply *get = redisCommand(context, "GET greeting");
    redisReply *missing = redisCommand(context, "GET missing");
    bool good = is_text(set, REDIS_REPLY_STATUS, "OK", 2)
        && is_text(get, REDIS_REPLY_STRING, "hello world", 11)
        && has_type(missing, REDIS_REPLY_NIL);
    freeReplyObject(set);
    freeReplyObject(get);
    freeReplyObject(missing);
    return good;
}

static bool pipelining(redisContext *context) {
    freeReplyObject(redisCommand(context, "DEL counter"));
    for (int number = 0; number < PIPELINED_COMMANDS; number++) {
        redisAppendCommand(context, "INCR counter");
    }
    for (int number = 1; number <= PIPELINED_COMMANDS; number++) {
        void *reply = NULL;
        if (redisGetReply(context, &reply) != REDIS_OK) return fail("reply %d: %s", number, context->errstr);
        bool good = is_integer(reply, number);
        freeReplyObject(reply);
        if (!good) return false;
    }
    return true;
}

static bool binary_values(redisContext *context) {
    unsigned char bytes[256];
    for (int value = 0; value < 256; value++) bytes[value] = (unsigned char)value;
    freeReplyObject(redisCommand(context, "SET %b %b", bytes, sizeof bytes, bytes, sizeof bytes));
    redisReply *get = redisCommand(context, "GET %b", bytes, sizeof bytes);
    bool good = is_text(get, REDIS_REPLY_STRING, (const char *)bytes, sizeof bytes);
    freeReplyObject(get);
    return good;
}

static bool arrays(redisContext *context) {
    freeReplyObject(redisCommand(context, "MSET a 1 b %b", "", (size_t)0));
    redisReply *reply = redisCommand(context, "MGET a b missing");
    bool good = has_type(reply, REDIS_REPLY_ARRAY)
        && (reply->elements == 3 || fail("%zu elements", reply->elements))
        && is_text(reply->element[0], REDIS_REPLY_STRING, "1", 1)
        && is_text(reply->element[1], REDIS_REPLY_STRING, "", 0)
        && has_type(reply->element[2], REDIS_REPLY_NIL);
    freeReplyObject(reply);
    return good;
}

static bool error_replies(redisContext *context) {
    static const char expected[] = "ERR value is not an integer or out of range";
    freeReplyObject(redisCommand(context, "SET text abc"));
    redisReply *error = redisCommand(context, "INCR text");
    redisReply *after = redisCommand(context, "PING");
    bool good = is_text(error, REDIS_REPLY_ERROR, expected, sizeof expected - 1)
        && is_text(after, REDIS_REPLY_STATUS, "PONG", 4);
    freeReplyObject(error);
    freeReplyObject(after);
    return good;
}

static bool large_value(redisContext *context) {
    char *bytes = malloc(LARGE_VALUE_BYTES);
    if (bytes == NULL) return fail("no memory");
    for (size_t index = 0; index < LARGE_VALUE_BYTES; index++) bytes[index] = (char)(index * 31 >> 3);
    redisReply *set = redisCommand(context, "SET large %b", bytes, (size_t)LARGE_VALUE_BYTES);
    redisReply *get = redisCommand(context, "GET large");
    bool good = is_text(set, REDIS_REPLY_STATUS, "OK", 2)
        && has_type(get, REDIS_REPLY_STRING)
        && (get->len == LARGE_VALUE_BYTES || fail("%zu bytes came back", get->len))
        && (memcmp(get->str, bytes, LARGE_VALUE_BYTES) == 0 || fail("the bytes came back changed"));
    freeReplyObject(set);
    freeReplyObject(get);
    freeReplyObject(redisCommand(context, "DEL large"));
    free(bytes);
    return good;
}

static bool reconnecting(redisContext *context) {
    freeReplyObject(redisCommand(context, "SET kept x"));
    redisReply *quit = redisCommand(context, "QUIT");
    bool good = is_text(quit, REDIS_REPLY_STATUS, "OK", 2);
    freeReplyObject(quit);
    redisReply *closed = redisCommand(context, "PING");
    if (good && closed != NULL) good = fail("an answer after QUIT");
    freeReplyObject(closed);
    if (redisReconnect(context) != REDIS_OK) return fail("cannot reconnect: %s", context->errstr);
    redisReply *get = redisCommand(context, "GET kept");
    good = good && is_text(get, REDIS_REPLY_STRING, "x", 1);
    freeReplyObject(get);
    return good;
}

#ifdef REDIS_REPLY_MAP  /* hiredis knows RESP3 since its version 1.0. */

/* Looks a name up in a map reply. */
static const redisReply *field(const redisReply *map, const char *name) {
    for (size_t index = 0; index + 1 < map->elements; index += 2) {
        if (strcmp(map->element[index]->str, name) == 0) return map->element[index + 1];
    }
    return NULL;
}

static bool resp3(redisContext *context) {
    redisReply *hello = redisCommand(context, "HELLO 3");
    bool good = has_type(hello, REDIS_REPLY_MAP)
        && is_integer(field(hello, "proto"), 3)
        && is_text(field(hello, "role"), REDIS_REPLY_STRING, "master", 6)
        && has_type(field(hello, "modules"), REDIS_REPLY_ARRAY);
    freeReplyObject(hello);
    redisReply *config = redisCommand(context, "CONFIG GET maxmemory");
    good = good && has_type(config, REDIS_REPLY_MAP)
        && is_text(field(config, "maxmemory"), REDIS_REPLY_STRING, "0", 1);
    freeReplyObject(config);
    redisReply *missing = redisCommand(context, "GET missing");
    good = good && has_type(missing, REDIS_REPLY_NIL);
    freeReplyObject(missing);
    return good;
}

static int pushed_messages;

/* Counts published messages, which RESP3 delivers between the replies. */
static void count_message(void *unused, void *reply) {
    (void)unused;
    const redisReply *push = reply;
    if (push->elements == 3 && strcmp(push->element[0]->str, "message") == 0) pushed_messages++;
    freeReplyObject(reply);
}

static bool pushes(redisContext *context) {
    redisContext *publisher = connected();
    if (publisher == NULL) return false;
    pushed_messages = 0;
    redisSetPushCallback(context, count_message);
    freeReplyObject(redisCommand(context, "HELLO 3"));
    redisAppendCommand(context, "SUBSCRIBE news");
    redisReply *ping = redisCommand(context, "PING");  /* The confirmation is a push as well. */
    freeReplyObject(ping);
    redisReply *published = redisCommand(publisher, "PUBLISH news hi");
    bool good = is_integer(published, 1);
    freeReplyObject(published);
    redisReply *get = redisCommand(context, "ECHO between");
    good = good && is_text(get, REDIS_REPLY_STRING, "between", 7)
        && (pushed_messages == 1 || fail("%d messages", pushed_messages));
    freeReplyObject(get);
    redisFree(publisher);
    return good;
}

#else
#define resp3 NULL
#define pushes NULL
#endif

static const struct {
    const char *name;
    bool (*run)(redisContext *);
} CHECKS[] = {
    {"SET and GET", set_and_get},
    {"a pipeline of 1000 commands", pipelining},
    {"binary keys and values", binary_values},
    {"arrays with empty and missing values", arrays},
    {"error replies", error_replies},
    {"a value of 8 MB", large_value},
    {"QUIT and reconnecting", reconnecting},
    {"RESP3 and map replies", resp3},
    {"RESP3 and pushed messages", pushes},
};

int main(int count, char **arguments) {
    port = count > 1 ? atoi(arguments[1]) : 6379;
    for (size_t index = 0; index < sizeof CHECKS / sizeof *CHECKS; index++) {
        if (CHECKS[index].run == NULL) {
            printf("skip %s: this hiredis is too old\n", CHECKS[index].name);
            continue;
        }
        redisContext *context = connected();
        bool good = context != NULL && CHECKS[index].run(context);
        if (good) printf("ok %s\n", CHECKS[index].name);
        else printf("FAILED %s: %s\n", CHECKS[index].name, reason);
        if (context) redisFree(context);
    }
    return 0;
}
