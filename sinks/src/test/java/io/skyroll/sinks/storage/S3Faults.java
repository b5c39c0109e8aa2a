package io.skyroll.sinks.storage;

import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** Stands between the S3 client and the wire, as other stores and other networks would. Made by S3A, by its name. */
public final class S3Faults implements ExecutionInterceptor {

    /** While true, conditions on a PUT do not reach the server. */
    static volatile boolean ignoreConditions;

    /** So many answers to a PUT get lost, after the server has done its work. */
    static final AtomicInteger loseAnswers = new AtomicInteger();

    static final AtomicInteger copies = new AtomicInteger();

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        if (context.request() instanceof CopyObjectRequest) {
            copies.incrementAndGet();
        }
        return ignoreConditions && context.request() instanceof PutObjectRequest put
                ? put.toBuilder().ifNoneMatch(null).build()
                : context.request();
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        if (context.request() instanceof PutObjectRequest
                && loseAnswers.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
            throw RetryableException.create("the answer was lost");
        }
    }
}
