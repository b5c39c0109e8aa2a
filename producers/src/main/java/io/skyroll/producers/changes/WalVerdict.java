package io.skyroll.producers.changes;

import java.time.Duration;

/**
 * Judges what a slot holds back, look after look. A limit that is exceeded counts only when nothing gets less for a while, so that a
 * backlog may be read. Decides without a clock; owned by one thread.
 */
final class WalVerdict {
    /** Once warned, it takes a clear fall to be fine again: nobody wants a warning for each look around the half. */
    private static final int CLEARLY = 2;

    private final WalBudget budget;
    private boolean isWarned;
    private boolean isExceeded;
    private long leastBytes;
    private Duration leastAt = Duration.ZERO;

    WalVerdict(WalBudget budget) {
        this.budget = budget;
    }

    /** What is to be done. */
    enum Outcome {
        /** Nothing. */
        FINE,
        /** At least half of the budget is used since this look: say so. */
        WARN,
        /** The limit is exceeded, and that gets no better: give the slot up. */
        STOP
    }

    /**
     * Judges a look.
     *
     * @param now time since some moment, the same for all looks
     */
    Outcome judge(SlotState slot, Duration now) {
        if (budget.isExceeded(slot)) {
            if (!isExceeded || slot.retainedBytes() < leastBytes) {
                isExceeded = true;
                leastBytes = slot.retainedBytes();
                leastAt = now;
            }
            if (now.minus(leastAt).compareTo(budget.patience()) >= 0) {
                return Outcome.STOP;
            }
        } else {
            isExceeded = false;
        }
        if (!isWarned && budget.isHalfUsed(slot)) {
            isWarned = true;
            return Outcome.WARN;
        }
        if (isWarned && slot.retainedBytes() * CLEARLY < budget.left(slot).orElse(WalBudget.MUCH_BYTES)) {
            isWarned = false;
        }
        return Outcome.FINE;
    }
}
