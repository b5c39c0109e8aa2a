package io.skyroll.sinks.storage;

import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** Stands between the S3 client and the wire, as other stores and other networks would. Made by name by S3A. */
public final class S3Faults implements ExecutionInterceptor {

    /** While true, conditional headers do not reach the server. */
    static volatile boolean ignoreConditions;

    /** So many answers to a PUT are turned into an error of the server, after it has done its work. */
    static final AtomicInteger loseAnswers = new AtomicInteger();

    /** So many refusals of a PUT become a 409, as if the other writer were still at it. */
    static final AtomicInteger conflicts = new AtomicInteger();

    static final AtomicInteger copies = new AtomicInteger();

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        if (context.request() instanceof CopyObjectRequest) {
            copies.incrementAndGet();
        }
    }

    @Override
    public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        return ignoreConditions
                ? context.httpRequest().toBuilder()
                        .removeHeader("If-None-Match")
                        .build()
                : context.httpRequest();
    }

    @Override
    public SdkHttpResponse modifyHttpResponse(Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        if (context.request() instanceof PutObjectRequest) {
            if (context.httpResponse().isSuccessful() && take(loseAnswers)) {
                return context.httpResponse().toBuilder().statusCode(503).build();
            }
            if (context.httpResponse().statusCode() == 412 && take(conflicts)) {
                return context.httpResponse().toBuilder().statusCode(409).build();
            }
        }
        return context.httpResponse();
    }

    private static boolean take(AtomicInteger left) {
        return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }
}
