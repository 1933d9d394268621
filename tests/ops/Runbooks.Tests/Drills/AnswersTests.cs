using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Drills.Deploy;

namespace Provost.Runbooks.Tests.Drills;

public sealed class AnswersTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void A_gap_is_a_time_in_which_nobody_was_answered_and_not_the_wait_of_one()
    {
        var answers = new Answers(time);
        answers.Begin();
        answers.Replacing("roll");
        for (var answer = 0; answer < 20; answer++)
        {
            Pass(40);
            answers.Good(TimeSpan.FromMilliseconds(5), "GET /");
        }
        answers.Good(TimeSpan.FromMilliseconds(700), "PUT settings");
        answers.End();

        Assert.Equal(new Longest(40, "during roll"), answers.Gap);
        Assert.Equal(new Longest(700, "PUT settings, during roll"), answers.Wait);
    }

    [Fact]
    public void Silence_before_the_clients_began_is_none_and_silence_until_they_ended_is()
    {
        var answers = new Answers(time);
        Pass(5000);
        answers.Begin();
        Pass(10);
        answers.Good(TimeSpan.FromMilliseconds(10), "GET /");
        answers.Replacing("kill of the agent");
        Pass(900);
        answers.End();
        Pass(5000);
        answers.Good(TimeSpan.FromMilliseconds(20), "GET /");

        Assert.Equal(new Longest(900, "during kill of the agent"), answers.Gap);
    }

    [Fact]
    public void Quantiles_are_of_the_nearest_rank_and_of_nothing_zero()
    {
        var answers = new Answers(time);
        Assert.Equal(0, answers.Quantile(0.99));
        for (var milliseconds = 1; milliseconds <= 200; milliseconds++)
        {
            answers.Good(TimeSpan.FromMilliseconds(milliseconds), "GET /");
        }
        answers.Good(TimeSpan.FromMinutes(2), "GET /");

        Assert.Equal(101, answers.Quantile(0.5));
        Assert.Equal(199, answers.Quantile(0.99));
        Assert.Equal(30_000, answers.Quantile(1));
    }

    private void Pass(int milliseconds) => time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
