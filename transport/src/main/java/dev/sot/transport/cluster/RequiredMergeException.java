package dev.sot.transport.cluster;

/** Items that must link are not allowed to by a {@link MergePolicy}. */
public final class RequiredMergeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final int first;
    private final int second;

    RequiredMergeException(int first, int second) {
        super(
                "items "
                        + first
                        + " and "
                        + second
                        + " must link, but their group would hide more of the links' weight than"
                        + " the budget allows, or close a cycle with other groups");
        this.first = first;
        this.second = second;
    }

    /** One of the items. */
    public int first() {
        return first;
    }

    /** Another one. */
    public int second() {
        return second;
    }
}
