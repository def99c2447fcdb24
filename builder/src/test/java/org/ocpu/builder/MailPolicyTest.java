package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailPolicyTest {
    private static final Optional<String> PAT = Optional.of("pat@example.org");
    private static final Optional<String> OWNER = Optional.of("owner@example.org");

    private final List<String> asked = new ArrayList<>();

    @Test
    void thePusherComesFirstAndThenTheOwner() {
        assertEquals(List.of("pat@example.org", "owner@example.org"), recipients(Map.of(), push(PAT, OWNER)));
        assertEquals(List.of("owner@example.org"), recipients(Map.of(), push(Optional.empty(), OWNER)));
    }

    @Test
    void whoIsBothIsMailedOnce() {
        assertEquals(List.of("pat@example.org"), recipients(Map.of(), push(PAT, Optional.of("Pat@Example.org"))));
    }

    @Test
    void theWebhookDecidesOverTheSettingWhetherTheOwnerIsMailed() {
        Map<String, String> off = Map.of("mail_owner", "false");
        assertEquals(List.of("pat@example.org"), recipients(off, push(PAT, OWNER)));
        assertEquals(2, recipients(off, wishing(true, push(PAT, OWNER))).size());
        assertEquals(
                List.of("pat@example.org"), recipients(Map.of("mail_owner", "true"), wishing(false, push(PAT, OWNER))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pat@users.noreply.github.com",
                "1+pat@Users.NoReply.GitHub.com",
                "49699333+dependabot[bot]@users.noreply.github.com",
                "pat@users.noreply.github.example.org",
                "noreply@github.com",
                "no-reply@github.example.org"
            })
    void addressesThatNobodyReadsAreSkipped(String address) {
        assertEquals(List.of("owner@example.org"), recipients(Map.of(), push(Optional.of(address), OWNER)));
        assertEquals(
                List.of("pat@example.org", "public@example.org"),
                recipients(Map.of(), push(PAT, Optional.of(address))),
                "the owner's public address stands in");
        assertEquals(List.of("pat@example.org"), recipients(address, push(PAT, Optional.empty())));
    }

    @Test
    void theOwnersPublicAddressIsAskedForOnlyWhenItIsNeeded() {
        assertEquals(
                List.of("pat@example.org", "public@example.org"), recipients(Map.of(), push(PAT, Optional.empty())));
        assertEquals(List.of("Alice"), asked);
        asked.clear();
        recipients(Map.of(), push(PAT, OWNER));
        recipients(Map.of(), wishing(false, push(PAT, Optional.empty())));
        recipients(Map.of(), push(new Person("alice", PAT), Optional.empty()));
        assertEquals(List.of(), asked, "the payload has it, the owner is left out, or the owner pushed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nobody", "a@b\r\nBcc: eve@example.org", "Eve <eve@example.org>"})
    void aPublicAddressThatIsNoneIsSkipped(String address) {
        assertEquals(List.of("pat@example.org"), recipients(address, push(PAT, Optional.empty())));
    }

    @Test
    void thePusherIsMailedAlthoughGitHubCannotBeAsked() {
        MailPolicy policy = new MailPolicy(BuilderConfig.from(Map.of()).reports(), login -> {
            throw new BuilderException("GitHub does not answer");
        });
        assertEquals(List.of("pat@example.org"), policy.recipients(push(PAT, Optional.empty())));
    }

    private List<String> recipients(Map<String, String> settings, Push push) {
        return new MailPolicy(BuilderConfig.from(settings).reports(), this::publicAddress).recipients(push);
    }

    private static List<String> recipients(String publicAddress, Push push) {
        return new MailPolicy(BuilderConfig.from(Map.of()).reports(), login -> Optional.of(publicAddress))
                .recipients(push);
    }

    private Optional<String> publicAddress(String login) {
        asked.add(login);
        return Optional.of("public@example.org");
    }

    private static Push push(Optional<String> pusher, Optional<String> owner) {
        return push(new Person("pat", pusher), owner);
    }

    private static Push push(Person pusher, Optional<String> owner) {
        return push(pusher, owner, Push.Wishes.NONE);
    }

    private static Push wishing(boolean mailOwner, Push push) {
        return push(
                push.pusher(),
                push.owner().orElseThrow().email(),
                new Push.Wishes(true, Optional.of(mailOwner), RefPolicy.DEFAULT));
    }

    private static Push push(Person pusher, Optional<String> owner, Push.Wishes wishes) {
        return new Push(
                new AppName("Alice", "Stocks"),
                "",
                "refs/heads/main",
                Deliveries.COMMIT,
                Optional.empty(),
                false,
                Optional.empty(),
                pusher,
                Optional.of(new Person("Alice", owner)),
                List.of(),
                true,
                wishes);
    }
}
