package io.skyroll.sinks.storage;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.Constants;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.s3a.S3AUtils;
import org.apache.hadoop.fs.s3a.api.RequestFactory;
import org.apache.hadoop.fs.s3a.impl.PutObjectOptions;
import org.apache.hadoop.fs.store.audit.AuditSpan;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A prefix of an S3 bucket, through Hadoop's S3A client. An object appears when its upload is completed, so nothing here
 * is temporary; parts of an upload whose process died are removed by a lifecycle rule of the bucket.
 *
 * <p>Small objects and copies are requests of their own with S3A's client and its settings (endpoint, credentials,
 * encryption, storage class), because S3A has no copy, reads with two requests between which the object may change, and
 * does not tell a lost race from a lost answer. {@link #createIfAbsent} is a PUT with {@code If-None-Match: *}. Not
 * every store that speaks S3 obeys that header: the first use tries, and fails if it is ignored.
 */
final class S3aStore extends HadoopStore {

    /** Largest object that one copy request takes, by S3's documentation. */
    private static final long MAX_COPY_BYTES = 5L << 30;

    private static final int PUT_ATTEMPTS = 20;
    private static final int LOOKS = 10;
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

    /** User metadata naming the caller that wrote an object, to recognise one's own. */
    private static final String WRITER = "skyroll-writer";

    private final S3AFileSystem files;
    private final S3Client client;
    private final RequestFactory requests;

    /** Whether the store was seen to refuse a second object of the same key. */
    private volatile boolean conditional;

    S3aStore(Path root, S3AFileSystem files) {
        super(root, files);
        this.files = files;
        this.client = files.getS3AInternals().getAmazonS3Client("skyroll");
        this.requests = files.getRequestFactory();
    }

    @Override
    public boolean createIfAbsent(String path, byte[] content) throws IOException {
        Path target = resolve(path);
        requireConditionalPut();
        return putIfAbsent(target, content);
    }

    @Override
    public StoreOutput create(String path) throws IOException {
        FSDataOutputStreamBuilder<?, ?> upload = files.createFile(resolve(path)).overwrite(true);
        // Skips looking for an object or a directory in the way.
        upload.opt(Constants.FS_S3A_CREATE_PERFORMANCE, true);
        FSDataOutputStream stream = upload.build();
        return new HadoopOutput(stream, FSDataOutputStream::close, FSDataOutputStream::abort);
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        Path target = resolve(path);
        request("put", target, () -> client.putObject(put(target, content).build(), RequestBody.fromBytes(content)));
    }

    @Override
    public void linkOrCopy(String from, String to) throws IOException {
        Path source = resolve(from);
        Path target = resolve(to);
        HeadObjectResponse object = head(source).orElseThrow(() -> new NoSuchFileException(source.toString()));
        Optional<HeadObjectResponse> present = settled(target, object.contentLength());
        if (present.isPresent()) {
            checkLength(to, present.get().contentLength(), from, object.contentLength());
        } else if (object.contentLength() > MAX_COPY_BYTES) {
            try (StoreOutput output = create(to)) {
                copyThroughClient(from, output);
                output.commit();
            }
        } else {
            request(
                    "copy",
                    target,
                    () -> client.copyObject(requests.newCopyObjectRequestBuilder(key(source), key(target), object)
                            .build()));
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        Path source = resolve(path);
        return ifPresent("get", source, () -> client.getObjectAsBytes(
                        requests.newGetObjectRequestBuilder(key(source)).build())
                .asByteArrayUnsafe());
    }

    private boolean putIfAbsent(Path target, byte[] content) throws IOException {
        String writer = UUID.randomUUID().toString();
        PutObjectRequest request = put(target, content)
                .ifNoneMatch("*")
                .metadata(Map.of(WRITER, writer))
                .build();
        for (int attempt = 1; ; attempt++) {
            try {
                request("put", target, () -> client.putObject(request, RequestBody.fromBytes(content)));
                return true;
            } catch (IOException e) {
                int status = e.getCause() instanceof S3Exception answer ? answer.statusCode() : 0;
                if (status == 412) {
                    // The client repeats a request whose answer was lost, and then meets its own object.
                    return head(target)
                            .map(object -> writer.equals(object.metadata().get(WRITER)))
                            .orElse(false);
                }
                // 409: another request for the key was under way, none has won by this answer.
                if (status != 409 || attempt == PUT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void requireConditionalPut() throws IOException {
        if (conditional) {
            return;
        }
        Path probe = at(StorePath.SKYROLL + "/" + StorePath.TMP + "/" + UUID.randomUUID());
        try {
            if (!putIfAbsent(probe, new byte[0]) || putIfAbsent(probe, new byte[0])) {
                throw new IOException(("the object store of %s ignores If-None-Match, by which only one of two writers"
                                + " may win; use a store or a version of it that has conditional writes")
                        .formatted(probe));
            }
        } finally {
            request(
                    "delete",
                    probe,
                    () -> client.deleteObject(
                            requests.newDeleteObjectRequestBuilder(key(probe)).build()));
        }
        conditional = true;
    }

    private PutObjectRequest.Builder put(Path target, byte[] content) {
        return requests.newPutObjectRequestBuilder(
                key(target), PutObjectOptions.defaultOptions(), content.length, false);
    }

    private Optional<HeadObjectResponse> head(Path path) throws IOException {
        return ifPresent(
                "head",
                path,
                () -> client.headObject(
                        requests.newHeadObjectRequestBuilder(key(path)).build()));
    }

    /**
     * An object as it is when no copy onto it is under way: stores that keep objects in files may show those that are not
     * whole yet. Amazon's does not.
     */
    private Optional<HeadObjectResponse> settled(Path path, long expectedBytes) throws IOException {
        Optional<HeadObjectResponse> object = head(path);
        for (int look = 1;
                look < LOOKS && object.isPresent() && object.get().contentLength() != expectedBytes;
                look++) {
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
            object = head(path);
        }
        return object;
    }

    private String key(Path path) {
        return files.pathToKey(path);
    }

    private interface Request<T> {
        T send();
    }

    private <T> T request(String operation, Path path, Request<T> request) throws IOException {
        // The client's auditor warns of requests outside a span, and puts the span into the store's logs.
        try (AuditSpan span = files.createSpan("skyroll_" + operation, path.toString(), null)) {
            span.activate();
            return request.send();
        } catch (SdkException e) {
            throw translated(operation, path, e);
        }
    }

    private <T> Optional<T> ifPresent(String operation, Path path, Request<T> request) throws IOException {
        try {
            return Optional.of(request(operation, path, request));
        } catch (IOException e) {
            if (e.getCause() instanceof S3Exception answer
                    && answer.statusCode() == 404
                    && !"NoSuchBucket".equals(answer.awsErrorDetails().errorCode())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static IOException translated(String operation, Path path, SdkException problem) {
        IOException translated = S3AUtils.translateException(operation, path, problem);
        return translated.getCause() == problem ? translated : new IOException(translated.getMessage(), problem);
    }
}
