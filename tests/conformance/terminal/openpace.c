/* A terminal made of openpace (libeac), which is not ours: opens a travel document with PACE, perhaps runs extended
 * access control, version 2, and reads files.
 *
 *   openpace PASSWORD-KIND PASSWORD CARD-ACCESS [CHAT ROOT KEY CSCA CERTIFICATE...]
 *
 * PASSWORD-KIND is 1 (MRZ), 2 (CAN), 3 (PIN) or 4 (PUK); PASSWORD is text, all that follows is in hexadecimal digits.
 * It talks in lines. "> APDU" asks for the answer of the card, which is the next line of the standard input. "= FILE"
 * is what was read. The last line is "done", "refused SW", "again" or "broken WHERE". Memory is given back when it ends. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eac/ca.h>
#include <eac/eac.h>
#include <eac/pace.h>
#include <eac/ta.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

enum { MOST = 65536 };

struct bytes {
    size_t length;
    unsigned char data[MOST];
};

static EAC_CTX *context;
static int is_protected;
static X509 *anchor;

static void broken(const char *where)
{
    ERR_print_errors_fp(stderr);
    printf("broken %s\n", where);
    exit(1);
}

static void *need(void *made, const char *where)
{
    if (made == NULL)
        broken(where);
    return made;
}

/* A number with a leading zero byte: openpace leaves that byte out of keys and secrets of finite fields. */
static void again(void)
{
    printf("again\n");
    exit(0);
}

static struct bytes *empty(void)
{
    return need(calloc(1, sizeof(struct bytes)), "memory");
}

static void add(struct bytes *to, const void *data, size_t length)
{
    if (length > MOST - to->length)
        broken("length");
    memcpy(to->data + to->length, data, length);
    to->length += length;
}

static void add_byte(struct bytes *to, unsigned int byte)
{
    unsigned char one = (unsigned char)byte;
    add(to, &one, 1);
}

/* A data object with a tag of one or two bytes. */
static void add_object(struct bytes *to, unsigned int tag, const void *data, size_t length)
{
    if (tag > 0xFF)
        add_byte(to, tag >> 8);
    add_byte(to, tag & 0xFF);
    if (length > 0xFF) {
        add_byte(to, 0x82);
        add_byte(to, (unsigned int)(length >> 8));
    } else if (length > 0x7F) {
        add_byte(to, 0x81);
    }
    add_byte(to, length & 0xFF);
    add(to, data, length);
}

/* The object at `at`: its content and length; gives where the next one begins, 0 when it does not fit. */
static size_t object_at(const unsigned char *data, size_t length, size_t at, unsigned int *tag,
                        const unsigned char **content, size_t *content_length)
{
    size_t size;
    if (at + 2 > length)
        return 0;
    *tag = data[at++];
    if ((*tag & 0x1F) == 0x1F)
        *tag = *tag << 8 | data[at++];
    if (at >= length)
        return 0;
    size = data[at++];
    if (size > 0x80) {
        size_t digits = size & 0x7F;
        for (size = 0; digits > 0 && at < length; digits--)
            size = size << 8 | data[at++];
    }
    if (size > length || at > length - size)
        return 0;
    *content = data + at;
    *content_length = size;
    return at + size;
}

/* The object with this tag, which has to be there. */
static BUF_MEM *wanted(const unsigned char *data, size_t length, unsigned int tag, const char *where)
{
    size_t at = 0, size;
    unsigned int found;
    const unsigned char *content;
    while ((at = object_at(data, length, at, &found, &content, &size)) != 0) {
        if (found == tag) {
            BUF_MEM *made = need(BUF_MEM_new(), where);
            if (BUF_MEM_grow(made, size) != size)
                broken(where);
            memcpy(made->data, content, size);
            return made;
        }
    }
    broken(where);
    return NULL;
}

static BUF_MEM *buffer(const struct bytes *from)
{
    BUF_MEM *made = need(BUF_MEM_new(), "memory");
    if (BUF_MEM_grow(made, from->length) != from->length)
        broken("memory");
    memcpy(made->data, from->data, from->length);
    return made;
}

static struct bytes *of_hexadecimal(const char *text)
{
    struct bytes *made = empty();
    unsigned int byte;
    for (; sscanf(text, "%2x", &byte) == 1 && text[1] != '\0'; text += 2)
        add_byte(made, byte);
    return made;
}

static void say(const char *mark, const struct bytes *what)
{
    fputs(mark, stdout);
    for (size_t at = 0; at < what->length; at++)
        printf("%02X", what->data[at]);
    putchar('\n');
    fflush(stdout);
}

/* Sends bytes as they are; the answer without its status word, which is given apart. */
static unsigned int exchange(const struct bytes *command, struct bytes *answer)
{
    static char line[2 * MOST + 8];
    struct bytes *got;
    unsigned int status;
    say("> ", command);
    if (fgets(line, sizeof line, stdin) == NULL)
        broken("no answer");
    got = of_hexadecimal(line);
    if (got->length < 2)
        broken("short answer");
    status = (unsigned int)got->data[got->length - 2] << 8 | got->data[got->length - 1];
    answer->length = 0;
    add(answer, got->data, got->length - 2);
    return status;
}

static void add_padded(struct bytes *to, const struct bytes *what)
{
    BUF_MEM *plain = buffer(what);
    BUF_MEM *padded = need(EAC_add_iso_pad(context, plain), "padding");
    add(to, padded->data, padded->length);
}

/* The code over data objects, behind a header or not. */
static BUF_MEM *to_authenticate(const struct bytes *header, const struct bytes *objects)
{
    struct bytes *all = empty();
    BUF_MEM *made;
    if (header != NULL)
        add_padded(all, header);
    if (objects->length > 0)
        add_padded(all, objects);
    made = buffer(all);
    return made;
}

static void assemble(struct bytes *command, const struct bytes *header, const struct bytes *data, int answer)
{
    int is_long = data->length > 0xFF;
    add(command, header->data, header->length);
    if (is_long) {
        add_byte(command, 0);
        add_byte(command, (unsigned int)(data->length >> 8));
    }
    if (data->length > 0)
        add_byte(command, data->length & 0xFF);
    add(command, data->data, data->length);
    if (answer)
        add_byte(command, 0);
    if (answer && is_long)
        add_byte(command, 0);
}

/* Data of a command: encrypted, with the sign of its padding. */
static void add_cryptogram(struct bytes *to, const struct bytes *data)
{
    struct bytes *padded = empty(), *value = empty();
    BUF_MEM *plain, *secret;
    add_padded(padded, data);
    plain = buffer(padded);
    secret = need(EAC_encrypt(context, plain), "encryption");
    add_byte(value, 1);
    add(value, secret->data, secret->length);
    add_object(to, 0x87, value->data, value->length);
}

/* CLA of the next command: 10 when others follow that belong to it. */
static unsigned int class;

/* A command with a short or no Le field; the status word. */
static unsigned int transmit(unsigned int instruction, unsigned int parameters, const struct bytes *data,
                             int expected, struct bytes *answer)
{
    struct bytes *command = empty(), *header = empty(), *objects, *got;
    unsigned int status, outer, tag;
    const unsigned char *content;
    size_t next, length, covered = 0;
    BUF_MEM *covers, *code, *said;

    add_byte(header, is_protected ? class | 0x0C : class);
    add_byte(header, instruction);
    add_byte(header, parameters >> 8);
    add_byte(header, parameters & 0xFF);
    if (!is_protected) {
        assemble(command, header, data, expected >= 0);
        if (expected > 0)
            command->data[command->length - 1] = (unsigned char)expected;
        status = exchange(command, answer);
        return status;
    }

    objects = empty();
    got = empty();
    if (!EAC_increment_ssc(context))
        broken("counter");
    if (data->length > 0)
        add_cryptogram(objects, data);
    if (expected >= 0) {
        unsigned char le = (unsigned char)expected;
        add_object(objects, 0x97, &le, 1);
    }
    covers = to_authenticate(header, objects);
    code = need(EAC_authenticate(context, covers), "code");
    add_object(objects, 0x8E, code->data, code->length);
    assemble(command, header, objects, 1);
    outer = exchange(command, got);

    if (!EAC_increment_ssc(context))
        broken("counter");
    while ((next = object_at(got->data, got->length, covered, &tag, &content, &length)) != 0 && tag != 0x8E)
        covered = next;
    objects->length = 0;
    add(objects, got->data, covered);
    covers = to_authenticate(NULL, objects);
    code = wanted(got->data, got->length, 0x8E, "an answer without a code");
    if (EAC_verify_authentication(context, covers, code) != 1)
        broken("the code of an answer");
    said = wanted(got->data, got->length, 0x99, "an answer without a status word");
    status = (unsigned int)(unsigned char)said->data[0] << 8 | (unsigned char)said->data[1];
    if (status != outer)
        broken("two status words");
    answer->length = 0;
    if (covered > 4) {
        BUF_MEM *value = wanted(got->data, got->length, 0x87, "an answer without a cryptogram"), *secret, *padded, *plain;
        secret = need(BUF_MEM_new(), "memory");
        if (value->data[0] != 1 || BUF_MEM_grow(secret, value->length - 1) != value->length - 1)
            broken("a cryptogram");
        memcpy(secret->data, value->data + 1, value->length - 1);
        padded = need(EAC_decrypt(context, secret), "decryption");
        plain = need(EAC_remove_iso_pad(padded), "the padding of an answer");
        add(answer, plain->data, plain->length);
    }
    return status;
}

/* The same, and the card has to do it. */
static void demand(unsigned int instruction, unsigned int parameters, const struct bytes *data, int expected,
                   struct bytes *answer)
{
    unsigned int status = transmit(instruction, parameters, data, expected, answer);
    if (status != 0x9000) {
        printf("refused %04X\n", status);
        exit(0);
    }
}

/* GENERAL AUTHENTICATE with one object or none; what is inside the answer's dynamic authentication data. */
static BUF_MEM *authenticate(unsigned int tag, const BUF_MEM *value)
{
    struct bytes *inner = empty(), *data = empty(), *answer = empty();
    BUF_MEM *made;
    if (value != NULL)
        add_object(inner, tag, value->data, value->length);
    add_object(data, 0x7C, inner->data, inner->length);
    demand(0x86, 0, data, 0, answer);
    made = wanted(answer->data, answer->length, 0x7C, "GENERAL AUTHENTICATE");
    return made;
}

static BUF_MEM *inside(const BUF_MEM *data, unsigned int tag, const char *where)
{
    return wanted((const unsigned char *)data->data, data->length, tag, where);
}

static void add_protocol(struct bytes *to, int protocol)
{
    const ASN1_OBJECT *name = need(OBJ_nid2obj(protocol), "protocol");
    add_object(to, 0x80, OBJ_get0_data(name), OBJ_length(name));
}

/* Of a finite field, a number shorter than the prime. */
static void check_length(const EVP_PKEY *key, const BUF_MEM *number)
{
    if (EVP_PKEY_base_id(key) != EVP_PKEY_EC && number->length < (size_t)EVP_PKEY_size(key))
        again();
}

/* As long as the prime, and beginning with zero. */
static void check_first(const EVP_PKEY *key, const BUF_MEM *number)
{
    if (EVP_PKEY_base_id(key) != EVP_PKEY_EC && number->length > 0 && number->data[0] == 0)
        again();
}

/* Whether a compressed public key of a curve is as long as a coordinate: openpace leaves leading zero bytes out of it too.
 * On P-521 every second one has some. */
static int is_whole(const EVP_PKEY *key, const BUF_MEM *compressed)
{
    return EVP_PKEY_base_id(key) != EVP_PKEY_EC || compressed->length == ((size_t)EVP_PKEY_bits(key) + 7) / 8;
}

/* PACE (TR-03110-2, section 3.2); gives the chip's ephemeral public key. */
static BUF_MEM *open_chip(enum s_type kind, const char *password, const struct bytes *authorization)
{
    PACE_SEC *secret = need(PACE_SEC_new(password, strlen(password), kind), "password");
    struct bytes *data = empty(), *answer = empty();
    unsigned char reference = (unsigned char)kind;
    const EVP_PKEY *group = context->pace_ctx->static_key;
    BUF_MEM *got, *part, *own, *theirs, *token;

    add_protocol(data, context->pace_ctx->protocol);
    add_object(data, 0x83, &reference, 1);
    if (authorization != NULL)
        add_object(data, 0x7F4C, authorization->data, authorization->length);
    demand(0x22, 0xC1A4, data, -1, answer);

    class = 0x10;
    got = authenticate(0, NULL);
    part = inside(got, 0x80, "nonce");
    if (!PACE_STEP2_dec_nonce(context, secret, part))
        broken("nonce");

    own = need(PACE_STEP3A_generate_mapping_data(context), "mapping");
    check_length(group, own);
    got = authenticate(0x81, own);
    part = inside(got, 0x82, "mapping");
    check_first(group, part);
    if (!PACE_STEP3A_map_generator(context, part))
        broken("mapping");

    own = need(PACE_STEP3B_generate_ephemeral_key(context), "ephemeral key");
    check_length(group, own);
    got = authenticate(0x83, own);
    theirs = inside(got, 0x84, "ephemeral key");
    check_first(group, theirs);
    if (!PACE_STEP3B_compute_shared_secret(context, theirs))
        broken("shared secret");
    check_length(group, context->pace_ctx->ka_ctx->shared_secret);
    if (!PACE_STEP3C_derive_keys(context))
        broken("keys");

    token = need(PACE_STEP3D_compute_authentication_token(context, theirs), "token");
    class = 0;
    got = authenticate(0x85, token);
    part = inside(got, 0x86, "token");
    if (PACE_STEP3D_verify_authentication_token(context, part) != 1)
        broken("the chip's token");
    if (!EAC_CTX_set_encryption_ctx(context, EAC_ID_PACE))
        broken("session");
    is_protected = 1;
    return theirs;
}

/* A file by its short identifier, as long as its outermost object. */
static struct bytes *read_file(unsigned int identifier)
{
    struct bytes *file = empty(), *nothing = empty(), *answer = empty();
    unsigned int tag;
    const unsigned char *content;
    size_t length;
    demand(0xB0, (0x80 | identifier) << 8, nothing, 0xDF, answer);
    add(file, answer->data, answer->length);
    while (object_at(file->data, file->length, 0, &tag, &content, &length) == 0) {
        demand(0xB0, (unsigned int)file->length, nothing, 0xDF, answer);
        if (answer->length == 0)
            broken("a file that ends early");
        add(file, answer->data, answer->length);
    }
    return file;
}

static X509_STORE *trusted(unsigned long issuer)
{
    X509_STORE *store = need(X509_STORE_new(), "store");
    (void)issuer;
    if (X509_STORE_add_cert(store, anchor) != 1)
        broken("store");
    return store;
}

/* Terminal authentication, version 2 (TR-03110-2, section 3.3). */
static void prove_terminal(const BUF_MEM *chip, const struct bytes *root, const struct bytes *key, int certificates,
                           char **certificate)
{
    struct bytes *answer = empty(), *data, *nothing = empty();
    BUF_MEM *announced, *identifier, *signature;
    CVC_CERT *read;
    const unsigned char *at = root->data;
    ASN1_OCTET_STRING *name;

    /* openpace follows a chain in a context without a private key, and signs in one that knows the last certificate alone */
    EAC_CTX *chain = need(EAC_CTX_new(), "context");
    struct bytes *last = of_hexadecimal(certificate[certificates - 1]);
    if (!EAC_CTX_init_ta(chain, NULL, 0, root->data, root->length))
        broken("root");
    if (!EAC_CTX_init_ta(context, key->data, key->length, last->data, last->length))
        broken("the terminal's key");
    read = need(CVC_d2i_CVC_CERT(NULL, &at, (long)root->length), "root");
    name = read->body->certificate_holder_reference;
    for (int one = 0; one < certificates; one++) {
        struct bytes *whole = of_hexadecimal(certificate[one]);
        BUF_MEM *body;
        if (!TA_STEP2_import_certificate(chain, whole->data, whole->length))
            broken("a certificate");
        data = empty();
        add_object(data, 0x83, name->data, (size_t)name->length);
        demand(0x22, 0x81B6, data, -1, answer);
        body = wanted(whole->data, whole->length, 0x7F21, "certificate");
        data->length = 0;
        add(data, body->data, body->length);
        demand(0x2A, 0x00BE, data, -1, answer);
        at = whole->data;
        read = need(CVC_d2i_CVC_CERT(NULL, &at, (long)whole->length), "certificate");
        name = read->body->certificate_holder_reference;
    }

    do
        announced = need(TA_STEP3_generate_ephemeral_key(context), "the key of chip authentication");
    while (!is_whole(context->ca_ctx->ka_ctx->key, announced));
    identifier = need(EAC_Comp(context, EAC_ID_PACE, chip), "compression");
    if (!is_whole(context->pace_ctx->static_key, identifier))
        again();
    data = empty();
    add_protocol(data, context->ta_ctx->protocol);
    add_object(data, 0x83, name->data, (size_t)name->length);
    add_object(data, 0x91, announced->data, announced->length);
    demand(0x22, 0x81A4, data, -1, answer);
    demand(0x84, 0, nothing, 8, answer);
    if (!TA_STEP4_set_nonce(context, buffer(answer)))
        broken("challenge");
    signature = need(TA_STEP5_sign(context, announced, identifier, NULL), "signature");
    data->length = 0;
    add(data, signature->data, signature->length);
    demand(0x82, 0, data, -1, answer);
}

/* Passive authentication of EF.CardSecurity. CA_get_pubkey leaves it out, as its own context knows no chip authentication
 * yet; one that has read EF.CardAccess does it. The header and the library disagree about the name of the function that
 * sets the anchor. */
static void check_signature(const struct bytes *access, const struct bytes *security)
{
    EAC_CTX *other = need(EAC_CTX_new(), "context");
    if (!EAC_CTX_init_ef_cardaccess(access->data, access->length, other) || other->ca_ctx == NULL)
        broken("EF.CardAccess");
    other->ca_ctx->lookup_csca_cert = trusted;
    if (!EAC_CTX_init_ef_cardsecurity(security->data, security->length, other))
        broken("the signature of EF.CardSecurity");
}

/* Passive authentication, then chip authentication, version 2 (TR-03110-2, section 3.4). */
static void prove_chip(const struct bytes *access, const struct bytes *security)
{
    struct bytes *data = empty(), *answer = empty();
    BUF_MEM *theirs, *own, *got;

    check_signature(access, security);
    theirs = need(CA_get_pubkey(context, security->data, security->length), "EF.CardSecurity");
    check_length(context->ca_ctx->ka_ctx->key, theirs);
    check_first(context->ca_ctx->ka_ctx->key, theirs);
    add_protocol(data, context->ca_ctx->protocol);
    if (context->ca_ctx->id >= 0) {
        unsigned char id = (unsigned char)context->ca_ctx->id;
        add_object(data, 0x84, &id, 1);
    }
    demand(0x22, 0x41A4, data, -1, answer);
    own = need(CA_STEP2_get_eph_pubkey(context), "the key of chip authentication");
    check_length(context->ca_ctx->ka_ctx->key, own);
    got = authenticate(0x80, own);
    if (!CA_STEP4_compute_shared_secret(context, theirs))
        broken("the secret of chip authentication");
    check_length(context->ca_ctx->ka_ctx->key, context->ca_ctx->ka_ctx->shared_secret);
    if (CA_STEP6_derive_keys(context, inside(got, 0x81, "nonce"), inside(got, 0x82, "token")) != 1)
        broken("the chip's token of chip authentication");
    if (!EAC_CTX_set_encryption_ctx(context, EAC_ID_CA))
        broken("session");
}

static const unsigned char APPLICATION[] = {0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};

int main(int count, char **argument)
{
    struct bytes *access, *data = empty(), *answer = empty();
    BUF_MEM *chip;

    if (count != 4 && count < 9)
        broken("arguments");
    EAC_init();
    context = need(EAC_CTX_new(), "context");
    context->tr_version = EAC_TR_VERSION_2_02;
    access = of_hexadecimal(argument[3]);
    if (!EAC_CTX_init_ef_cardaccess(access->data, access->length, context) || context->pace_ctx == NULL)
        broken("EF.CardAccess");
    chip = open_chip((enum s_type)atoi(argument[1]), argument[2], count > 4 ? of_hexadecimal(argument[4]) : NULL);
    if (count > 4) {
        struct bytes *authority = of_hexadecimal(argument[7]);
        const unsigned char *at = authority->data;
        anchor = need(d2i_X509(NULL, &at, (long)authority->length), "anchor");
        prove_terminal(chip, of_hexadecimal(argument[5]), of_hexadecimal(argument[6]), count - 8, argument + 8);
        prove_chip(access, read_file(0x1D));
    }
    add(data, APPLICATION, sizeof APPLICATION);
    demand(0xA4, 0x040C, data, -1, answer);
    say("= ", read_file(1));
    say("= ", read_file(2));
    if (count > 4)
        say("= ", read_file(3));
    printf("done\n");
    return 0;
}
